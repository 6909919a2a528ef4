import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { healthy, keys, releaseValue } from '../../test/support/release-values.ts';
import type { Figure } from '../experiment.ts';
import type { Built } from '../support/client/client.ts';
import { change } from '../support/program.ts';
import type { Random } from '../support/random.ts';
import { type Scene, serves, setScene } from '../support/scene.ts';
import { type BadNode, badNode } from './bad-node.ts';
import { flatness } from './flat.ts';
import { type Gauged, gauge, startGaugeable } from './gauge.ts';

export interface Reconnects {
  readonly folder: string;
  /** By which the heap may grow. */
  readonly share: number;
  readonly program: string;
  /** Sessions that are to be lost. */
  readonly sessions: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  say(line: string): void;
}

const place = 'net/vault';

/** A node that loses every connection, for as many as a day would have; the one thing that is changed is how long the daemon waits between two. */
export async function reconnects({ folder, program, share, sessions, random, signal, say }: Reconnects) {
  const scene = await setScene(folder, hasty(program, folder));
  const bad = await badNode(random);
  const { node } = bad;
  try {
    await scene.write({ [place]: { release: { source: 'clients-info', client: 'vault' } } }, { allowInsecure: true });
    withEndpoint(scene, node.endpoint);
    const [first, second] = [scene.client.build('1.0.0'), scene.client.build('2.0.0')];
    name(bad, 100, first);
    const daemon = await startGaugeable(scene);
    await scene.until(place, 'serves what the chain names', serves(first), 60_000);
    const warmUp = Math.max(50, Math.ceil(sessions / 5));
    await lose(bad, warmUp, signal);
    const warm = await atRest(scene, bad, daemon.pid);
    const before = bad.lost();
    await lose(bad, before + sessions, signal, say);
    const lost = bad.lost() - before;
    const end = await atRest(scene, bad, daemon.pid);
    const starts = scene.journal(place).filter(({ what }) => what === 'start').length;
    name(bad, 101, second);
    const heard = await scene
      .until(place, 'serves what the chain names after it', serves(second), 60_000)
      .then(() => true)
      .catch(() => false);
    const flat = flatness(`${sessions} reconnections`, share, warm, end);
    const figures: Figure[] = [
      { what: 'connections that the node lost', value: lost, goal: { words: `${sessions}`, met: lost >= sessions } },
      ...flat.figures,
      { what: 'starts of the client meanwhile', value: starts, goal: { words: '1', met: starts === 1 } },
      {
        what: 'a release that is named after that is taken',
        value: heard ? 'yes' : 'no',
        goal: { words: 'yes', met: heard },
      },
    ];
    const violations = [
      ...(lost >= sessions ? [] : [`only ${lost} of ${sessions} connections`]),
      ...flat.violations,
      ...(starts === 1 ? [] : [`the client was started ${starts} times while its node came and went`]),
      ...(heard ? [] : ['a release that was named afterwards was not taken']),
      ...scene.overlaps(),
    ];
    return { figures, violations };
  } finally {
    await scene.close();
    await node.stop();
  }
}

/** A copy of the program that waits a thousandth between two connections. */
function hasty(program: string, folder: string): string {
  const root = resolve(program, '../../..');
  const copy = join(folder, 'hasty');
  cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
  const main = join(copy, relative(root, program));
  change(main, /backoff: \{ after: (?:1_000|1e3), max: (?:30_000|3e4) \}/, 'backoff: { after: 1, max: 30 }');
  return main;
}

function withEndpoint({ config }: Scene, endpoint: string): void {
  const file = JSON.parse(readFileSync(config, 'utf8')) as { networks: Record<string, object> };
  file.networks['net'] = { ...file.networks['net'], endpoints: [endpoint] };
  writeFileSync(config, JSON.stringify(file));
}

function name({ node }: BadNode, block: number, { path, checksum }: Built): void {
  const value = releaseValue(`file://${path}`, '00').slice(0, -64) + checksum.slice(2);
  node.finalize(block, healthy({ [keys.current]: value }));
}

async function lose(
  bad: BadNode,
  count: number,
  signal: AbortSignal,
  say: (line: string) => void = () => {},
): Promise<void> {
  bad.calm(false);
  for (let told = performance.now(); bad.lost() < count && !signal.aborted; await sleep(50)) {
    if (performance.now() < told + 20_000) continue;
    told = performance.now();
    say(`${bad.lost()} of ${count} connections`);
  }
  bad.calm(true);
}

/** Connected again, and with nothing to do. */
async function atRest(scene: Scene, bad: BadNode, pid: number): Promise<Gauged> {
  await scene.until(place, 'is connected', ({ chain }) => chain?.connected === true);
  while (bad.node.connections.open !== 1) await sleep(50);
  await sleep(1_500);
  return gauge(pid, join(scene.folder, 'daemon.log'));
}
