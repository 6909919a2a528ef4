import { same } from '../deployment.ts';
import type { InstanceEvent } from '../events.ts';
import type { Instance } from '../instance.ts';
import { serving } from '../occupancy.ts';
import { newBar, quarantined } from './bars.ts';
import { type Notice, told } from './notice.ts';

/** Who has the slot after whom, and why. */
export function ofHands(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const was = serving(before);
  const is = serving(after);
  if (was === null || is === null) return [];
  if (same(was.deployment, is.deployment))
    return was.at === 'probation' && is.at === 'running'
      ? [{ event: 'committed', ...told(is.deployment) }]
      : failedInPlace(before, after);
  if (is.at === 'probation') return [];
  const to = told(is.deployment);
  const from = was.deployment.id;
  const bar = newBar(before, after);
  const failure = bar?.by === 'failure' ? bar : null;
  const by = event.type === 'rejected' ? 'person' : event.type === 'spoiled' ? 'lost bytes' : failure && 'failure';
  if (by === null) return [{ event: 'recalled', ...to, from }];
  return [
    ...(failure ? [{ event: 'failed', ...told(was.deployment), reason: failure.reason }, quarantined(failure)] : []),
    { event: 'rolledBack', ...to, from, by },
  ];
}

/** It failed, and there is no way back: it stays. */
function failedInPlace(before: Instance, after: Instance): readonly Notice[] {
  const was = serving(before);
  const is = serving(after);
  const isWorse =
    is?.at === 'probation' && was?.verdict !== is.verdict && (is.verdict === 'unhealthy' || is.verdict === 'down');
  return isWorse ? [{ event: 'failed', ...told(is.deployment), reason: is.reason, wayBack: false }] : [];
}
