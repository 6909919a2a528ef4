import { join } from 'node:path';
import type { Scene } from '../../support/scene.ts';
import { isRefused, type Stage, servesByItself, write } from '../stage.ts';

/** Two networks with one key name have one Bitcoin wallet: of the two clients, in two homes, one is up; who is told to stop makes room for the other. */
export async function oneKeyName(stage: Stage): Promise<void> {
  const key = await stage.writeKey(join(stage.folder, 'key.json'));
  const [a, b] = [await stage.scene('a'), await stage.scene('b')];
  const settings = { exclusive: [`http://127.0.0.1:8332/${stage.keyName}`] };
  await write(stage, a, { key, keyName: stage.keyName, settings, place: 'kintsugi/vault' });
  await write(stage, b, { key, keyName: stage.keyName, settings, place: 'interlay/vault' });
  a.start();
  await servesByItself(stage, a, 'the first network', 'kintsugi/vault');
  b.start();
  await isRefused(stage, b, 'the second network with the same key name', words, 'interlay/vault');
  await giveWay(stage, { scene: a, place: 'kintsugi/vault' }, { scene: b, place: 'interlay/vault' });
  await giveWay(stage, { scene: b, place: 'interlay/vault' }, { scene: a, place: 'kintsugi/vault' });
}

const words = [/pid \d+ \(.+\) holds \S+\.lock/, /vaultvisor did not start it for this client and will not end it/];

interface Place {
  readonly scene: Scene;
  readonly place: string;
}

async function giveWay(stage: Stage, from: Place, to: Place): Promise<void> {
  await from.scene.run('stop', from.place);
  await servesByItself(stage, to.scene, `${to.place} after the stop of ${from.place}`, to.place);
  await from.scene.run('start', from.place);
  await isRefused(stage, from.scene, `${from.place}, started again`, words, from.place);
}
