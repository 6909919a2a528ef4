import { setTimeout as sleep } from 'node:timers/promises';
import { fresh, unless, wrongEnd } from '../right-end.ts';
import { killIfThere } from '../signal.ts';
import type { Stage } from '../stage.ts';
import type { Container } from './container.ts';
import type { Engine } from './engine.ts';
import { takeAllMemory } from './memory.ts';

/** The client ends with the container, and is started again with it. */
export async function daemonOutOfMemory(engine: Engine, { name, stage, pids }: Container): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  const former = stage.clients();
  const restarts = async () => Number(await engine.docker('inspect', '-f', '{{.RestartCount}}', name));
  const before = await restarts();
  await takeAllMemory(engine, name, pids, 'node');
  await again(stage, served.checksum, former);
  const count = (await restarts()) - before;
  return [
    ...unless(count === 1, `the engine started the container again ${count} times`),
    ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
  ];
}

/** @param but pids of clients that are not meant */
export const again = (stage: Stage, checksum: string, but: readonly number[] = []) =>
  stage.until('it serves again', ({ child, verdict }) => {
    const [pid] = stage.clients();
    return child?.checksum === checksum && verdict === 'healthy' && pid !== undefined && !but.includes(pid);
  });

/**
 * The volume is full while a release is named; then vaultvisor is killed, then the container restarted. `meanwhile` is done on the full volume, and returns
 * what is to be seen once there is room again.
 */
export async function fullVolume(
  { stage, exec, pids, docker }: Container,
  meanwhile: () => Promise<() => readonly string[]> = async () => () => [],
): Promise<readonly string[]> {
  const served = await fresh(stage);
  const seen = stage.journal().length;
  const before = stage.clients();
  const next = stage.build();
  await exec('sh', '-c', 'cat /dev/zero > /var/lib/vaultvisor/ballast; true');
  const room = await exec('cp', '/usr/bin/tini', '/var/lib/vaultvisor/more');
  await stage.name(next);
  const seenLater = await meanwhile();
  await sleep(2_000); // it is tried, and cannot be
  const kept = stage.clients();
  const wrong = [
    ...unless(/No space left/.test(room.text), `the volume is not full: ${room.text}`),
    ...unless(kept.join() === before.join(), `the client was ${before}, and on the full volume ${kept}`),
  ];
  const seenAgain: string[] = [];
  for (const act of [async () => killIfThere((await pids()).vaultvisor), async () => docker('restart')]) {
    const former = stage.clients();
    await act();
    await stage.until('it is started again', ({ child }) => {
      const [pid] = stage.clients();
      return child?.checksum === served.checksum && pid !== undefined && !former.includes(pid);
    });
    seenAgain.push(...unless(stage.clients().length === 1, `${stage.clients().length} clients run on a full volume`));
  }
  await exec('rm', '/var/lib/vaultvisor/ballast', '/var/lib/vaultvisor/more');
  await again(stage, next.checksum);
  return [...wrong, ...seenAgain, ...seenLater(), ...(await wrongEnd(stage, stage.journal().slice(seen), next))];
}
