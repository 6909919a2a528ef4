import { join } from 'node:path';
import { overlapsIn } from '../../support/journal.ts';
import type { Scenario } from '../host.ts';
import { fresh, unless } from '../right-end.ts';
import { PLACE, type Stage, setStage } from '../stage.ts';
import type { SystemdHost } from './host.ts';

type Host = Pick<SystemdHost, 'stage' | 'systemctl' | 'machine'>;

const NAME = 'vaultvisor-kintsugi-vault';
/** Of one client alone there is nothing to split. */
const OTHER = 'vaultvisor-kintsugi-other';

/** One daemon becomes one for each client and back, by the lines that `systemd --per-instance` prints and nothing else. */
export function splitScenario({ stage, systemctl, machine }: Host): Scenario {
  const run = async (): Promise<readonly string[]> => {
    const release = { source: 'manifest', url: stage.manifest, interval: '100ms' };
    const client = (identity: string) => ({ release, identity, args: ['--witness', '.'] });
    const clients = { vault: client('the lab’s account'), other: client('another account') };
    await stage.write({}, { networks: { kintsugi: { clients } } });
    await fresh(stage);
    const since = stage.journal().length;
    const wrong: string[] = [];
    const shell = async (line: string): Promise<void> => {
      const { code, text } = await machine.run('sh', '-c', line);
      // what `status` ends with says how the client does just then
      if (code !== 0 && !line.startsWith('vaultvisor status')) throw new Error(`${line} ended with ${code}: ${text}`);
    };
    const file = '/etc/vaultvisor/args.json';
    const { code, text } = await machine.run('vaultvisor', 'systemd', '--per-instance', '--install', '--config', file);
    if (code !== 0) throw new Error(`it ended with ${code}: ${text}`);
    for (const [, line = ''] of text.slice(text.indexOf('Now:')).matchAll(/^ {2}(?!#)(.+)$/gm)) await shell(line);

    const own = await ownStage(stage, machine.root);
    const split = await fresh(own);
    wrong.push(...unless(stage.clients().length + own.clients().length === 1, 'not one client runs'));
    const { text: main } = await systemctl('show', NAME, '-p', 'MainPID', '--value');
    await systemctl('kill', '--kill-who=main', '-s', 'KILL', NAME);
    await own.until('another vaultvisor serves the same', ({ child, verdict }) => {
      return child?.checksum === split.checksum && verdict === 'healthy';
    });
    const { text: next } = await systemctl('show', NAME, '-p', 'MainPID', '--value');
    wrong.push(...unless(main !== next, 'the vaultvisor that was killed runs'));
    const { text: rating } = await machine.run('systemd-analyze', 'security', '--no-pager', NAME);
    const exposure = Number(/exposure level[^:]*: ([\d.]+)/.exec(rating)?.[1]);
    wrong.push(...unless(exposure < 2.5, `its unit is rated ${exposure}`));

    const back = /^To go back: (.+)$/m.exec(text)?.[1];
    await shell(back ?? 'false # no way back was printed');
    await fresh(stage);
    for (const name of [NAME, OTHER]) {
      const args = `/etc/vaultvisor/${name.replace('vaultvisor-', '')}.json`;
      await machine.run('rm', '-rf', `/etc/systemd/system/${name}.service`, `/var/lib/${name}`, args);
    }
    await stage.write();
    await machine.run('vaultvisor', 'apply', '--allow-remove');
    await systemctl('daemon-reload');
    return [...wrong, ...overlapsIn(stage.journal().slice(since))];
  };
  return { words: 'systemd --per-instance, kill -9, and back to one for all', run };
}

/** Its data stay where they were, and so does what its clients see. */
const ownStage = (stage: Stage, root: string): Promise<Stage> =>
  setStage({
    etc: stage.etc,
    home: join(root, 'var/lib', NAME),
    witness: join(stage.home, 'instances', PLACE, 'data'),
  });
