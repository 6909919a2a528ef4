import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { runDaemon } from '../support/cli/daemon.ts';
import { type Scratch, scratch } from '../support/cli/home.ts';

const mayChangeUser = process.getuid?.() === 0;
if (!mayChangeUser) console.warn('not root: that a client runs as another user is not tried');

/** Says who it is, what it may, and what it sees; leaves when it is asked, or its folder is gone. */
const client = `#!/bin/sh
{ id -u; id -g; id -G; grep CapEff /proc/self/status; echo "$HOME $USER $*"; } > who.new && mv who.new who
mkdir -p db
trap 'echo asked >> left; exit 0' INT
while [ -e "$0" ]; do sleep 0.05; done
`;
const quick = {
  health: { minHealthyTime: '100ms', probes: [{ command: ['/bin/sh', '-c', 'id -u > probe'] }] },
  data: { dir: '{data}/db' },
  download: { retry: { after: '100ms', max: '100ms' } },
};

/** Each says in its own way as whom it was run. */
const ofArguments = `#!${process.execPath}
let s = ''; process.stdin.on('data', (c) => { s += c; }).on('end', () => {
  const m = JSON.parse(s);
  process.stdout.write(JSON.stringify({ ...m, args: ['migrated-by', String(process.getuid())] }));
});
`;
const ofData = '#!/bin/sh\nid -u > by\n';

/** A release with a migration of each kind. */
async function publishMigrated(here: Scratch): Promise<void> {
  const part = async (name: string, text: string) => {
    const uri = `file://${await here.write(name, text)}`;
    return { uri, checksum: `0x${createHash('sha256').update(text).digest('hex')}` };
  };
  const migrations = [
    { kind: 'arguments', ...(await part('arguments', ofArguments)) },
    { kind: 'data', ...(await part('data', ofData)) },
  ];
  const release = await part('vault-2.0.0', `${client}# 2.0.0\n`);
  await here.write('vault.json', JSON.stringify({ version: '2.0.0', ...release, migrations }));
}

const idOf = (...words: string[]) => execFileSync('id', words, { encoding: 'utf8' }).trim();

describe.skipIf(!mayChangeUser)('a client with a user of its own', () => {
  let [uid, gid] = [0, 0];
  beforeAll(() => {
    uid = Number(idOf('-u', 'nobody'));
    gid = Number(idOf('-g', 'nobody'));
  });

  async function instanceOf(here: Scratch) {
    const { stdout } = await here.run('status', '--json', '--config', here.file);
    const { instances, daemon } = JSON.parse(stdout);
    return { ...(instances[0] as InstanceStatus), isLookedAfter: daemon !== null };
  }

  /** Another child than `before` is committed and healthy, in the eyes of a daemon that runs. */
  async function served(here: Scratch, before: number | null) {
    for (;;) {
      const { phase, verdict, child, isLookedAfter } = await instanceOf(here);
      if (isLookedAfter && phase === 'running' && verdict === 'healthy' && child !== null && child.pid !== before)
        return child.pid;
      await pause(50);
    }
  }

  function started(here: Scratch, ...words: string[]) {
    const daemon = runDaemon(here, ...words);
    onTestFinished(async () => void (await daemon.end('SIGKILL')));
    return daemon;
  }

  test('runs as it with all that a release brings along, sees nothing of ours, is asked, adopted, and given back', async () => {
    const here = await scratch();
    onTestFinished(here.remove);
    await here.publish('vault', '1.0.0', client);
    const settings = { ...quick, orphans: 'adopt' };
    await here.configure({ vault: { ...settings, user: 'nobody' } });
    const first = started(here);

    // where a folder above the home is closed to it, it is said while nothing is stopped for it
    await first.says('nobody cannot reach the program');
    await chmod(here.folder, 0o711);

    const before = await served(here, null);
    const folder = join(here.home, 'instances/testnet/vault');
    const who = async () => (await readFile(join(folder, 'data/who'), 'utf8')).trimEnd().split('\n');
    expect(await who()).toEqual([
      String(uid),
      String(gid),
      idOf('-G', 'nobody'),
      expect.stringMatching(/^CapEff:\t0+$/),
      expect.stringMatching(/ nobody$/),
    ]);
    expect(await readFile(join(folder, 'data/probe'), 'utf8')).toBe(`${uid}\n`);
    expect((await stat(join(folder, 'data'))).uid).toBe(uid);
    const cannot = (...words: string[]) =>
      expect(() =>
        execFileSync('setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...words], { stdio: 'ignore' }),
      ).toThrow();
    cannot('cat', join(folder, 'state.json'));
    cannot('cat', join(here.home, 'accepted.json'));
    cannot('cat', join(folder, 'logs/client.log'));
    cannot('ls', here.home);
    cannot('ls', join(here.home, 'instances'));

    // it outlives a killed daemon, and the next one knows it by its lock
    await first.end('SIGKILL');
    expect(processAt(before)).not.toBeNull();
    const second = started(here);
    expect(await served(here, null)).toBe(before);

    // another user is another deployment, and its folder goes along
    await here.configure({ vault: settings });
    const own = await served(here, before);
    expect(await readFile(join(folder, 'data/left'), 'utf8')).toBe('asked\n');
    expect((await who())[0]).toBe('0');
    await here.configure({ vault: { ...settings, user: String(uid), group: String(process.getegid?.() ?? 0) } });
    const serving = await served(here, own);
    expect((await who()).slice(0, 2)).toEqual([String(uid), '0']);
    expect((await stat(join(folder, 'data/left'))).uid).toBe(uid);

    // what a release brings along runs as its client too
    await publishMigrated(here);
    const migrated = await served(here, serving);
    expect((await who()).at(-1)).toMatch(new RegExp(` migrated-by ${uid}$`));
    expect(await readFile(join(folder, 'data/db/by'), 'utf8')).toBe(`${uid}\n`);

    // one that nobody knows is refused, and what serves goes on
    await here.configure({ vault: { ...settings, user: 'no-such-user' } });
    await second.says('This machine has no user no-such-user');
    expect((await instanceOf(here)).child?.pid).toBe(migrated);
    await writeFile(join(folder, 'data/left'), '');
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await readFile(join(folder, 'data/left'), 'utf8')).toBe('asked\n');
  }, 120_000);
});
