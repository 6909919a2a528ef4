import { same } from '../deployment.ts';
import type { Bar, Instance } from '../instance.ts';
import { serving } from '../occupancy.ts';
import { type Notice, told } from './notice.ts';

export function ofBars(before: Instance, after: Instance): readonly Notice[] {
  const isExcused = (bar: Bar) => bar.by === 'failure' && bar.wait.for === 'former';
  const alarm = after.bars.some(isExcused) && !before.bars.some(isExcused);
  const replaced = serving(after)?.at === 'probation' ? newBar(before, after) : null;
  return [
    ...(alarm
      ? [
          {
            event: 'alarm',
            about: 'environment',
            reason: 'what was committed fails too: look at the node, the disk, the network',
          },
        ]
      : []),
    ...(replaced?.by === 'failure' ? [quarantined(replaced)] : []),
  ];
}

export function newBar(before: Instance, after: Instance): Bar | null {
  return after.bars.find((bar) => !before.bars.includes(bar) && !isSameWait(bar, before)) ?? null;
}

/** Only its wait is another. */
function isSameWait(bar: Bar, before: Instance): boolean {
  return (
    bar.by === 'failure' &&
    before.bars.some(
      (b) => b.by === 'failure' && same(b.of, bar.of) && b.attempts === bar.attempts && b.wait.for !== 'nothing',
    )
  );
}

export function quarantined(bar: Extract<Bar, { by: 'failure' }>): Notice {
  const retryAt = 'until' in bar.wait ? bar.wait.until : null;
  return { event: 'quarantined', ...told(bar.of), reason: bar.reason, attempts: bar.attempts, retryAt };
}
