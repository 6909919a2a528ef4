import { ask } from '../client.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { ownVersion } from '../version.ts';

interface Answer {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** After an upgrade the daemon that runs may still be the former one: it is told beside ours. */
export async function version(_words: string[], { json }: { json: boolean }, context: Context): Promise<number> {
  const daemon = await daemonVersion(context).catch(() => null);
  const own = { version: ownVersion(), node: process.version, os: process.platform, arch: process.arch };
  if (json) context.json({ ...own, daemon });
  else
    context.say(
      [
        `vaultvisor ${own.version}`,
        ...(daemon ? [`the daemon that runs (pid ${daemon.pid}) is ${daemon.version}`] : []),
      ].join('\n'),
    );
  return 0;
}

async function daemonVersion(context: Context): Promise<Answer | null> {
  const { home } = await locate(context);
  const answer = await ask<Answer>(home, { method: 'GET', path: '/v1/version', patience: 2_000 });
  return answer && { version: answer.version, pid: answer.pid, startedAt: answer.startedAt };
}
