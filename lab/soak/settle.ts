import { serves } from '../support/scene.ts';
import type { Cast } from './cast.ts';
import type { Stage } from './stage.ts';

/**
 * Everything is left alone: one daemon, a whole file, a release that is well. Then each instance must serve that, committed, with this one
 * process and no other.
 * @param patience in milliseconds
 * @returns which ended wrong, in words
 */
export async function settle(stage: Stage, cast: Cast, patience: number): Promise<readonly string[]> {
  await stage.edit({ is: 'whole' });
  const wanted = new Map<string, Awaited<ReturnType<Stage['release']>>>();
  for (const place of stage.places) wanted.set(place, await stage.release(place, 'steady'));
  await cast.calm();
  const wrong = [];
  for (const [place, built] of wanted) {
    try {
      const { child } = await stage.scene.until(place, `${place} serves ${built.release}`, serves(built), patience);
      const living = stage.livingOf(place);
      if (living.length !== 1 || living[0] !== child?.pid)
        wrong.push(`${place} ends with the processes ${living.join(', ')}, where ${child?.pid} is its client`);
    } catch (error) {
      wrong.push(
        `${place} ends wrong: ${error instanceof Error ? error.message.trim() : error}\n${cast.main().excerpt()}`,
      );
    }
  }
  return wrong;
}
