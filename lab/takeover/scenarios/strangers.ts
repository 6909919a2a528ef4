import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scene } from '../../support/scene.ts';
import {
  clientServes,
  endAsTold,
  isRefused,
  killClients,
  PLACE,
  type Stage,
  servedSoFar,
  servesByItself,
  write,
} from '../stage.ts';

const beside = /another client of this account is on this machine, and nothing is started beside it/;
const stoppedBy = /kill -INT \d+/;

/** A client that a person started is there first: as the file's own key, or a copy of it under another name and a relative path. */
export async function startedByHand(stage: Stage): Promise<void> {
  const scene = await stage.scene('a');
  const key = await stage.writeKey(join(stage.folder, 'key.json'));
  const copy = join(stage.folder, 'elsewhere', 'copy.json');
  await mkdir(join(copy, '..'));
  await copyFile(key, copy);
  await write(stage, scene, { key });
  const given = stage.random.pick([key, copy, relative(stage.folder, copy)]);
  stage.byHand(stage.built.path, stage.args(given));
  await clientServes(stage, 0);
  scene.start();
  const when = `a client was started by hand with ${given}`;
  await isRefused(stage, scene, when, [beside, /pid \d+ \(vault .*--keyfile/, stoppedBy]);
  await endAsTold(stage, scene, when);
  await servesByItself(stage, scene, when);
  await isTold(stage, scene, when);
}

/** A person stops ours, starts the client by hand, and has ours started again: by the command, or with the daemon. */
export async function stoppedThenByHand(stage: Stage): Promise<void> {
  const scene = await stage.scene('a');
  const key = await stage.writeKey(join(stage.folder, 'key.json'));
  await write(stage, scene, { key, keyName: stage.keyName });
  scene.start();
  await servesByItself(stage, scene, 'at first');
  const isDaemons = stage.random.chance(0.5);
  const when = isDaemons ? 'by hand while no daemon ran' : 'by hand after `vaultvisor stop`';
  if (isDaemons) await scene.stop();
  else await scene.run('stop', PLACE);
  const before = servedSoFar(stage);
  stage.byHand(stage.built.path, stage.args(key, stage.keyName));
  await clientServes(stage, before);
  if (isDaemons) scene.start();
  else await scene.run('start', PLACE);
  await isRefused(stage, scene, when, [beside, /--keyname \S/, stoppedBy]);
  await endAsTold(stage, scene, when);
  await servesByItself(stage, scene, when);
}

/** The old runner below something that starts it again whenever it ends: also in the moment between two of its clients it is seen. */
export async function restartedForEver(stage: Stage): Promise<void> {
  const scene = await stage.scene('a');
  const key = await stage.writeKey(join(stage.folder, 'key.json'));
  const [runner, supervisor] = [join(stage.folder, 'runner'), join(stage.folder, 'supervise')];
  await writeFile(runner, '#!/bin/sh\n"$@" &\nwait\n', { mode: 0o755 });
  await writeFile(supervisor, '#!/bin/sh\nwhile :; do "$@"; sleep 0.3; done\n', { mode: 0o755 });
  await write(stage, scene, { key });
  stage.byHand(supervisor, [runner, stage.built.path, ...stage.args(key)]);
  await clientServes(stage, 0);
  scene.start();
  const when = 'the old runner is started again for ever';
  await isRefused(stage, scene, when, [beside, /pid \d+ \(supervise /, /pid \d+ \(runner /, stoppedBy]);
  for (let kills = 0; kills < 5; kills++) {
    killClients(stage);
    await sleep(stage.random.between(0, 3_000));
  }
  await isRefused(stage, scene, `${when}, after its end`, [beside]);
  await endAsTold(stage, scene, when);
  await servesByItself(stage, scene, when);
}

/** The history says what kept it down, and that it left. */
async function isTold(stage: Stage, scene: Scene, when: string): Promise<void> {
  const acts = (await scene.history(PLACE)).flatMap((line) => (line.event === 'stranger' ? [line['action']] : []));
  stage.check(acts[0] === 'found' && acts.at(-1) === 'left', `${when}: the history tells only ${acts.join(', ')}`);
}
