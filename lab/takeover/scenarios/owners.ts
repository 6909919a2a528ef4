import { chmod, chown, copyFile, cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Daemon } from '../../support/daemon.ts';
import type { Scene } from '../../support/scene.ts';
import { isRefused, PLACE, type Stage, servesByItself, write } from '../stage.ts';

const another = /another vaultvisor manages this client, and is left alone: pid \d+/;

/** The whole home was copied, and its key file to another path: the second one stays down, touches nothing, and takes over when the first has gone. */
export async function copiedHome(stage: Stage): Promise<void> {
  const [a, b] = [await stage.scene('a'), await stage.scene('b')];
  const key = await stage.writeKey(join(stage.folder, 'key.json'));
  const copy = join(stage.folder, 'copy-of-key.json');
  await copyFile(key, copy);
  await write(stage, a, { key });
  await write(stage, b, { key: copy });
  const first = a.start();
  await servesByItself(stage, a, 'the first home');
  await copyHome(a, b);
  b.start();
  await takesTurns(stage, { a, b, first, isOthers: false }, 'a copied home', [another, new RegExp(`home ${a.home}`)]);
}

/** A home was copied to begin another one with another key: what it remembers of a child is not its own, and the child is left alone. */
export async function homeAsTemplate(stage: Stage): Promise<void> {
  const [a, b] = [await stage.scene('a'), await stage.scene('b')];
  const key = await stage.writeKey(join(stage.folder, 'key.json'));
  const other = await stage.writeKey(join(stage.folder, 'other.json'), 'another seed');
  await write(stage, a, { key });
  await write(stage, b, { key: other });
  const first = a.start();
  await servesByItself(stage, a, 'the first home');
  await copyHome(a, b);
  b.start();
  const words = [/pid \d+ \(.+\) holds \S+\.lock/, /vaultvisor did not start it for this client and will not end it/];
  await takesTurns(stage, { a, b, first, isOthers: false }, 'a home that was copied as a template', words);
}

/** Sockets and the first one's locks stay where they are. */
async function copyHome(from: Scene, to: Scene): Promise<void> {
  await mkdir(to.home);
  for (const name of await readdir(from.home))
    if (name !== 'control.sock' && name !== 'supervisor.lock')
      await cp(join(from.home, name), join(to.home, name), { recursive: true, verbatimSymlinks: true });
}

/** Two users, each with a home and a copy of the key that only they can read, and the lock folder of the machine. */
export async function twoUsers(stage: Stage): Promise<void> {
  await ofTwoUsers(stage, 'two users', {}, [another, /which cannot be seen from here/]);
}

/** The same without a common lock folder: what the locks do not tell, the arguments of the other one's client do. */
export async function nothingShared(stage: Stage): Promise<void> {
  const own = (name: string) => join(stage.folder, `${name}-locks`);
  await ofTwoUsers(stage, 'two users that share no locks', { a: own('a'), b: own('b') }, [
    /another client of this account is on this machine, and nothing is started beside it/,
    /pid \d+ \(vault --keyname \S+\)/,
  ]);
}

async function ofTwoUsers(
  stage: Stage,
  when: string,
  locks: { readonly a?: string; readonly b?: string },
  words: readonly RegExp[],
): Promise<void> {
  if (stage.users === null) return;
  const [ofA, ofB] = stage.users;
  const a = await sceneOf(stage, 'a', ofA, locks.a);
  const b = await sceneOf(stage, 'b', ofB, locks.b);
  const first = a.start({ user: ofA });
  await servesByItself(stage, a, `${when}: the first`);
  b.start({ user: ofB });
  await takesTurns(stage, { a, b, first, isOthers: true }, when, words);
}

async function sceneOf(stage: Stage, name: string, user: number, locks = stage.locks): Promise<Scene> {
  const scene = await stage.scene(name);
  const key = await stage.writeKey(join(scene.folder, `${name}.json`));
  await write(stage, scene, { key, keyName: stage.keyName, locks });
  await mkdir(scene.home);
  await mkdir(locks, { recursive: true });
  for (const path of [key, scene.home, ...(locks === stage.locks ? [] : [locks])]) await chown(path, user, user);
  for (const path of [scene.folder, stage.built.path, join(stage.built.path, '..')]) await chmod(path, 0o755);
  return scene;
}

/** The second is refused and leaves the first alone; the first goes, and the second comes by itself. */
async function takesTurns(
  stage: Stage,
  {
    a,
    b,
    first,
    isOthers,
  }: { readonly a: Scene; readonly b: Scene; readonly first: Daemon; readonly isOthers: boolean },
  when: string,
  words: readonly RegExp[],
): Promise<void> {
  const pid = (await a.status(PLACE))?.child?.pid;
  await isRefused(stage, b, when, words);
  const still = (await a.status(PLACE))?.child?.pid;
  stage.check(still === pid && pid !== undefined, `${when}: the first one's client was touched`);
  if (stage.random.chance(0.5)) await a.stop();
  else {
    first.kill('SIGKILL');
    await first.ended;
    // what another user's vaultvisor left, only that user or root may end
    if (pid !== undefined && isOthers) process.kill(pid, 'SIGINT');
  }
  await servesByItself(stage, b, `${when}, once the first has gone`);
}
