import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { followChain, type NamingChain, startNamingChain } from '../chain.ts';
import type { Figure } from '../figure.ts';
import { type Scene, setScene } from '../scene.ts';
import { median } from '../statistics.ts';

const ROUNDS = 3;
const MANY = 11;
/** Ten clients of six networks, as in args.example.json. */
const NETWORKS = [2, 3, 1, 1, 2, 1];
const CLIENTS = NETWORKS.reduce((sum, count) => sum + count);

/** What a start allocated is collected when V8 finds that nothing goes on: after 10 s one daemon may have done so and the other not. */
const SETTLED = 30_000;

export const memory: Figure = {
  name: 'memory',
  title:
    'Memory of the daemon (PSS), connected to a chain, once or for each of six networks, against a bare Node process beside it',
  async measure(scene) {
    const naming = await startNamingChain(scene);
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000_000)'], { stdio: 'ignore' });
    scene.owns(() => bare.kill('SIGKILL'));
    const [crowd, six] = [await setScene(), await setScene()];
    for (const other of [crowd, six]) scene.owns(other.close);
    await prepare(scene, naming, 1);
    await prepare(crowd, naming, MANY);
    await prepare(six, naming, NETWORKS);
    const values = { one: [] as number[], many: [] as number[], six: [] as number[], bare: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const [one, many, networks] = [scene.start(), crowd.start(), six.start()];
      await sleep(SETTLED);
      values.one.push(proportional(one.pid));
      values.many.push(proportional(many.pid));
      values.six.push(proportional(networks.pid));
      values.bare.push(proportional(bare.pid));
      await Promise.all([scene.stop(), crowd.stop(), six.stop()]);
    }
    const one = median(values.one);
    const instance = (median(values.many) - one) / (MANY - 1);
    const networks = median(values.six) - one - (CLIENTS - 1) * instance;
    return {
      series: [
        { what: 'vaultvisor, 1 instance', unit: 'MB', values: values.one },
        { what: 'a bare Node process', unit: 'MB', values: values.bare },
        { what: `vaultvisor, ${MANY} instances`, unit: 'MB', values: values.many },
        { what: `vaultvisor, ${NETWORKS.length} networks, ${CLIENTS} instances`, unit: 'MB', values: values.six },
      ],
      goals: [
        { what: 'difference of medians, 1 instance', value: one - median(values.bare), limit: 50, unit: 'MB' },
        { what: 'each further instance', value: instance, limit: 2, unit: 'MB' },
        { what: 'each further network', value: networks / (NETWORKS.length - 1), limit: 3, unit: 'MB' },
      ],
      notes: [
        `PSS of /proc/PID/smaps_rollup, ${SETTLED / 1_000} s after a start with the releases in the store; the clients are not in it.`,
      ],
    };
  },
};

/** Has a release committed in so many instances, so that what is measured is a daemon at rest and not a first start. */
async function prepare(
  scene: Scene,
  { chain, host }: NamingChain,
  instances: number | readonly number[],
): Promise<void> {
  const { uri, checksum } = host(0);
  await chain.setCurrentRelease('vault', uri, checksum);
  const places = await followChain(scene, chain, instances);
  scene.start();
  for (const place of places) await scene.committed(place, checksum);
  await scene.stop();
}

/** A page that n processes share counts 1/n to each. Millions of bytes. */
function proportional(pid: number | undefined): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1_024) / 1e6;
}
