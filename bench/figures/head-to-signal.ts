import { setTimeout as sleep } from 'node:timers/promises';
import { clientsInfo } from '../../src/chain/values/clients-info.ts';
import { runtimeKeys } from '../../src/chain/values/runtime.ts';
import { watchHeads } from '../beside/heads.ts';
import { fetched, followChain, type NamingChain, placeOf, startNamingChain } from '../chain.ts';
import { lastGap, readJournal } from '../client/journal.ts';
import type { Figure } from '../figure.ts';
import type { Scene } from '../scene.ts';
import { median } from '../statistics.ts';

const UPDATES = 12;
const PLACE = placeOf(0);
const KEYS = [...clientsInfo('vault').keys, ...runtimeKeys];

/** What follows an update is not to fall into the next one. */
const QUIET = 1_300;

export const headToSignal: Figure = {
  name: 'head-to-signal',
  title: 'From the finalised head that names a prefetched release to SIGINT at the old client',
  async measure(scene) {
    const naming = await startNamingChain(scene);
    const first = naming.host(0);
    await naming.chain.setCurrentRelease('vault', first.uri, first.checksum);
    await followChain(scene, naming.chain, 1);
    scene.start();
    await scene.committed(PLACE, first.checksum);
    const ours = await updates(scene, naming);
    await scene.stop();
    const reads = await readings(naming);
    return {
      series: [
        { what: 'head to SIGINT', unit: 'ms', values: ours.map(({ asked }) => asked) },
        { what: 'round trip of the read alone', unit: 'ms', values: reads },
        { what: 'downtime of these updates', unit: 'ms', values: ours.map(({ down }) => down) },
      ],
      goals: [
        {
          what: 'difference of medians',
          value: median(ours.map(({ asked }) => asked)) - median(reads),
          limit: 50,
          unit: 'ms',
        },
      ],
      notes: [
        scene.client.words,
        'The head is heard, and the read (state_queryStorageAt of the same keys) timed, by another process; the read with the daemon stopped.',
      ],
    };
  },
};

/** How long after the head the old client was asked to leave, and how long nobody served; ms. */
interface Update {
  readonly asked: number;
  readonly down: number;
}

/** Pending first, until it is fetched; then current. */
async function updates(scene: Scene, { chain, host }: NamingChain): Promise<readonly Update[]> {
  const heads = await watchHeads(chain.endpoint);
  scene.owns(heads.stop);
  const took: Update[] = [];
  for (let number = 1; number <= UPDATES; number += 1) {
    const { uri, checksum } = host(number);
    await chain.setPendingRelease('vault', uri, checksum);
    await fetched(scene, checksum);
    await sleep(QUIET);
    const block = await chain.setCurrentRelease('vault', uri, checksum);
    const head = await heads.of(block.number);
    await scene.committed(PLACE, checksum);
    const stop = readJournal(scene.journal(PLACE)).findLast(({ what }) => what === 'stop');
    took.push({ asked: (stop?.at ?? 0) - head.at, down: lastGap(scene.journal(PLACE)) });
  }
  heads.stop();
  return took;
}

/** The same acts with nobody else reading. */
async function readings({ chain, host }: NamingChain): Promise<readonly number[]> {
  const heads = await watchHeads(chain.endpoint, KEYS);
  const took: number[] = [];
  for (let number = 1; number <= UPDATES; number += 1) {
    const { uri, checksum } = host(1_000 + number);
    const block = await chain.setCurrentRelease('vault', uri, checksum);
    took.push((await heads.of(block.number)).read ?? 0);
    await sleep(QUIET);
  }
  heads.stop();
  return took;
}
