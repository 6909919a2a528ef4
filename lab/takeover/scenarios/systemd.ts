import { chown, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PLACE } from '../../hosts/stage.ts';
import { bootSystemd, type SystemdHost } from '../../hosts/systemd/host.ts';
import type { Machine } from '../../hosts/systemd/machine.ts';
import { overlapsIn } from '../../support/journal.ts';
import { serves } from '../../support/scene.ts';

const UNIT = 'vault.service';
const DATA = `/var/lib/vaultvisor/instances/${PLACE}/data`;
/** A machine may be busy with much else. */
const PATIENCE = 180_000;

const beside = /another client of this account is on this machine, and nothing is started beside it/;
const ended = /systemctl disable --now vault\.service/;

/** The old runner is a service that is started again whenever it ends, and at boot: it is found while it runs, between two lives, and where it is only enabled. */
export async function oldService(
  folder: string,
  program: string,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const host = await bootSystemd(folder, program, say);
  try {
    return await adopt(host);
  } finally {
    await host.close();
  }
}

async function adopt(host: SystemdHost): Promise<readonly string[]> {
  const { stage, machine, systemctl } = host;
  const violations: string[] = [];
  const built = stage.build();
  const args = ['--witness', DATA, '--', '--keyfile', '/etc/vaultvisor/key.json'];
  await install(host, built.path.replace(stage.etc, '/etc/vaultvisor'), args);

  async function isRefused(when: string, ...words: readonly RegExp[]): Promise<void> {
    const isSaid = (text: string) => [beside, ended, ...words].every((each) => each.test(text));
    const seen = await stage
      .until(when, ({ blocked, child }) => child === null && blocked !== null && isSaid(blocked), PATIENCE)
      .catch(({ message }: Error) => message);
    if (typeof seen === 'string') return void violations.push(`${when}: it was not refused: ${seen}`);
    const page = await vaultvisor(machine, 'status');
    if (page.code !== 3 || !isSaid(page.text))
      violations.push(`${when}: status ended with ${page.code} and said ${page.text}`);
    if (!isSaid(await host.log())) violations.push(`${when}: the log does not say so`);
  }

  await stage.write({ identity: undefined, args });
  await applied(machine);
  await stage.name(built);
  await isRefused('the old service runs', /pid \d+ \(vault --keyfile \S+\) of the unit vault\.service/);
  for (let lives = 0; lives < 3; lives++) {
    await systemctl('kill', '--signal=KILL', UNIT);
    await sleep(4_000);
  }
  await isRefused('the old service was killed and is started again');
  await systemctl('stop', UNIT);
  await isRefused('the old service is stopped and still enabled', /the unit vault\.service \(inactive, enabled/);
  const rebooted = machine.rebooted();
  await systemctl('reboot');
  await rebooted;
  await isRefused('after a reboot', /of the unit vault\.service|the unit vault\.service \(/);
  await systemctl('disable', '--now', UNIT);
  await stage
    .until('it serves', serves(built), PATIENCE)
    .catch(({ message }: Error) => violations.push(`once the old service is disabled: ${message}`));
  return [...overlapsIn(stage.journal()), ...violations];
}

/** The file is in force: it is refused by nobody, and only then is anything named. */
async function applied(machine: Machine): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(200))
    if ((await vaultvisor(machine, 'apply')).code === 0) return;
  throw new Error('the args file was not applied');
}

const vaultvisor = (machine: Machine, command: string) =>
  machine.run('/usr/bin/node', '/opt/vaultvisor/dist/cli/main.js', command, '--config', '/etc/vaultvisor/args.json');

async function install({ machine, stage, systemctl }: SystemdHost, vault: string, args: readonly string[]) {
  const data = join(machine.root, DATA);
  await mkdir(data, { recursive: true });
  const { uid, gid } = await stat(join(machine.root, 'var/lib/vaultvisor'));
  for (let path = data; path !== join(machine.root, 'var/lib/vaultvisor'); path = join(path, '..'))
    await chown(path, uid, gid);
  await writeFile(join(stage.etc, 'key.json'), '{"vault": "a seed"}', { mode: 0o644 });
  await writeFile(
    join(machine.root, 'etc/systemd/system', UNIT),
    `[Service]\nUser=vaultvisor\nExecStart=${[vault, ...args].join(' ')}\nRestart=always\nRestartSec=5\n[Install]\nWantedBy=multi-user.target\n`,
  );
  await systemctl('daemon-reload');
  await systemctl('enable', '--now', UNIT);
}
