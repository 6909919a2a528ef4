import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';

/**
 * The kernel is told to take vaultvisor, and somebody in its container takes all that there is. Ends when the engine has started the container again.
 * @param node Node's path in it
 */
export async function takeAllMemory(
  { docker, outcome }: Engine,
  name: string,
  pids: (name: string) => Promise<{ readonly vaultvisor: number }>,
  node: string,
): Promise<void> {
  const started = () => docker('inspect', '-f', '{{.State.StartedAt}}', name);
  const before = await started();
  writeFileSync(`/proc/${(await pids(name)).vaultvisor}/oom_score_adj`, '1000');
  await outcome('exec', name, node, '-e', 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));');
  while ((await started()) === before) await sleep(50);
}
