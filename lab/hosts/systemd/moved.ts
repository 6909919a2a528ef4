import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDocument } from '../../../src/config/document.ts';
import type { Built } from '../../support/client/client.ts';
import { type Line, overlapsIn, ran } from '../../support/journal.ts';
import type { Scenario } from '../host.ts';
import { fresh, unless } from '../right-end.ts';
import { now, PLACE } from '../stage.ts';
import type { SystemdHost } from './host.ts';

type Host = Pick<SystemdHost, 'stage' | 'systemctl' | 'machine'>;

const UNIT = 'old-vault.service';
const DATA = `/var/lib/vaultvisor/instances/${PLACE}/data`;
const PLAIN = `${PLACE.replace('/', '-')}.service`;
const SECRET = 'hunter-two-of-the-lab';

/** How a client was run before vaultvisor came. */
const formers = [
  ['a plain unit', (client: string) => client],
  [
    'a unit of interbtc’s runner',
    (client: string) =>
      `/etc/vaultvisor/runner --client-type vault --parachain-ws ws://127.0.0.1:9 --download-path /etc/vaultvisor -- ${client.replace(/^\S+ /, '')}`,
  ],
] as const;

/** In from an old unit and out to a plain one, by the commands of docs/take-over.md and nothing else. */
export const movedScenarios = (host: Host): readonly Scenario[] =>
  formers.map(([former, line]) => ({
    words: `import, takeover and eject from ${former}`,
    run: async () => {
      const built = await standsAlone(host, line);
      try {
        return await thereAndOut(host, built);
      } finally {
        await asBefore(host);
      }
    },
  }));

/** No vaultvisor has ever run here: the old unit runs the client, and is started at boot. */
async function standsAlone({ stage, systemctl, machine }: Host, line: (client: string) => string): Promise<Built> {
  const built = stage.build();
  await stage.name(built);
  await systemctl('stop', 'vaultvisor');
  await rm(join(stage.home, 'instances'), { recursive: true, force: true });
  await rm(join(stage.home, 'accepted.json'), { force: true });
  const program = built.path.replace(stage.etc, '/etc/vaultvisor');
  const runner = `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift\n${program} "$@" &\ntrap 'kill $!' TERM\nwait\n`;
  await writeFile(join(stage.etc, 'runner'), runner, { mode: 0o755 });
  const words = `${program} --witness . -- --keyname lab-of-moving --rpc-pass ${SECRET}`;
  const unit = `[Service]\nUser=vaultvisor\nWorkingDirectory=${DATA}\nExecStart=${line(words)}\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n`;
  await writeFile(join(machine.root, 'etc/systemd/system', UNIT), unit);
  await machine.run('install', '-d', '-o', 'vaultvisor', '-g', 'vaultvisor', ...foldersOf(DATA));
  await systemctl('daemon-reload');
  await systemctl('enable', '--now', UNIT);
  await seen('the old unit serves', () => stage.journal().some(({ what }) => what === 'serve'));
  return built;
}

/** All of them: `install -d` gives only the last to its owner. */
const foldersOf = (path: string): readonly string[] => {
  const parts = path.replace('/var/lib/vaultvisor/', '').split('/');
  return parts.map((_, at) => `/var/lib/vaultvisor/${parts.slice(0, at + 1).join('/')}`);
};

async function thereAndOut({ stage, systemctl, machine }: Host, built: Built): Promise<readonly string[]> {
  const wrong: string[] = [];
  const say = async (...words: readonly string[]): Promise<string> => {
    const { code, text } = await machine.run('vaultvisor', ...words);
    if (code !== 0) throw new Error(`vaultvisor ${words[0]} ended with ${code}: ${text}`);
    wrong.push(...unless(!text.includes(SECRET), `vaultvisor ${words[0]} shows a secret`));
    return text;
  };
  const is = async (what: 'is-active' | 'is-enabled', unit: string, wanted: RegExp): Promise<void> => {
    const { text } = await systemctl(what, unit);
    wrong.push(...unless(wanted.test(text.trim()), `${unit} ${what}: ${text}, not ${wanted}`));
  };

  await say('import', '--unit', UNIT, '--as', PLACE, '--write', '--config', '/etc/vaultvisor/imported.json');
  await stage.write(await asImported(stage.etc));
  await machine.run('chown', '-R', 'vaultvisor', '/etc/vaultvisor/kintsugi-vault.secrets');
  await systemctl('start', 'vaultvisor');
  await stage.until('it waits for the old one', ({ child, blocked }) => child === null && blocked !== null);
  await say('takeover', PLACE, '--unit', UNIT);
  await stage.until('the same binary serves', ({ child, verdict }) => {
    return child?.checksum === built.checksum && verdict === 'healthy';
  });
  // a runner that a signal ends is called failed
  await is('is-active', UNIT, /^(inactive|failed)$/);
  await is('is-enabled', UNIT, /^disabled$/);
  wrong.push(...unless(ran(stage.journal()).at(-1)?.print === built.print, 'another binary runs than before'));
  const next = await fresh(stage);
  await say('eject', PLACE);
  const last = (lines: readonly Line[]) => lines.findLast(({ what }) => what === 'serve' || what === 'stop')?.what;
  await seen('the plain unit serves', () => last(stage.journal()) === 'serve');
  await is('is-active', PLAIN, /^active$/);
  await is('is-enabled', PLAIN, /^enabled$/);
  const { child, stopped } = (await stage.status()) ?? {};
  wrong.push(...unless(child === null && stopped === true, 'vaultvisor did not let go of it'));
  wrong.push(...unless(ran(stage.journal()).at(-1)?.print === next.print, 'the plain unit runs another binary'));
  wrong.push(...unless(stage.clients().length === 0, 'a client of vaultvisor is left beside it'));
  return [...wrong, ...overlapsIn(stage.journal())];
}

/** What the operator keeps of the file that import wrote; the lab's chain is a manifest, and its own patience holds. */
async function asImported(etc: string): Promise<object> {
  const { document } = readDocument(await readFile(join(etc, 'imported.json'), 'utf8'));
  const file = document.value as { networks: { kintsugi: { clients: { vault: Record<string, unknown> } } } };
  const { args, env, cwd, user, start } = file.networks.kintsugi.clients.vault;
  return { args, cwd, user, start, ...(env !== undefined && { env }) };
}

async function asBefore({ stage, systemctl, machine }: Host): Promise<void> {
  for (const unit of [PLAIN, UNIT]) {
    await systemctl('disable', '--now', unit);
    await rm(join(machine.root, 'etc/systemd/system', unit), { force: true });
  }
  await systemctl('stop', 'vaultvisor');
  await systemctl('daemon-reload');
  for (const path of [stage.home, join(machine.root, 'opt/kintsugi-vault'), join(stage.etc, 'kintsugi-vault.secrets')])
    await rm(path, { recursive: true, force: true });
  await rm(join(stage.etc, 'imported.json'), { force: true });
  await stage.write();
  await systemctl('start', 'vaultvisor');
  await fresh(stage);
}

/** @throws Error where it is not seen within a minute */
async function seen(what: string, holds: () => boolean): Promise<void> {
  for (const end = now() + 60e9; now() < end; await sleep(50)) if (holds()) return;
  throw new Error(`not seen within a minute: ${what}`);
}
