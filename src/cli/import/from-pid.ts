import { readFileSync } from 'node:fs';
import { VisorError } from '../../errors.ts';
import { placeOf } from '../../process/strangers/place.ts';
import { processAt } from '../../process/who/processes.ts';
import { nameOfUser } from '../../users.ts';
import { ownVariables, withoutOurs } from './environment.ts';
import { type Live, liveBelow } from './live.ts';
import { filesRemark, replacedRemark, runnerRemark, sharedRemark } from './remarks.ts';
import type { Running } from './running.ts';

/** A client by the process that it is, or that started it. @throws VisorError `usage` where there is none */
export async function fromPid(pid: number): Promise<Running> {
  const top = processAt(pid);
  const live = top === null ? null : await liveBelow(top);
  if (live === null)
    throw new VisorError(
      'usage',
      `There is no process ${pid} that could be read`,
      'Look it up again (pgrep -a vault), and say this as its user, or as root.',
    );
  const place = placeOf(textAt(`/proc/${live.pid}/cgroup`), textAt('/proc/self/cgroup'));
  const better =
    place?.in === 'unit' && place.manager === 'system'
      ? [`It belongs to the unit ${place.unit}: say import --unit ${place.unit}, so that its settings are read too.`]
      : place?.in === 'container'
        ? [
            `It runs in the container ${place.id}, and its paths are those of the container: say import --container ${place.id}.`,
          ]
        : ['No unit starts it: what starts it again (a shell, cron, a supervisor) must be taken out by you.'];
  const running = await runningOf(live);
  const { env, shared } = withoutOurs(running.env);
  return {
    ...running,
    env,
    what: `pid ${live.pid}`,
    unit: null,
    signal: null,
    grace: null,
    remarks: [...better, ...remarksOf(live), ...sharedRemark(shared)],
  };
}

/** What the kernel tells of it, whoever named it. */
export async function runningOf({ words, runner, program, cwd, uid, env }: Live) {
  return { words, runner, program, cwd, user: { uid, name: await nameOfUser(uid) }, env: ownVariables(env) };
}

export const remarksOf = ({ isReplaced, pid, program, openFiles, runner }: Live): readonly string[] => [
  ...(isReplaced ? [replacedRemark(pid, program)] : []),
  ...(openFiles !== null && openFiles > 1024 ? [filesRemark(openFiles)] : []),
  ...(runner === null ? [] : [runnerRemark]),
];

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
