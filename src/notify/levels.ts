import type { InstanceStatus } from '../core/instance-status.ts';
import type { Millis } from '../core/release.ts';
import { type Heard, keyOf, type OpenConditions } from './conditions.ts';
import { textOf } from './heard.ts';
import { type Condition, conditions, type Subject } from './message.ts';

/** What no event tells: how long something has been so. Times are of our own clock; by `network/client`. */
export interface Since {
  readonly gone: Readonly<Record<string, Millis>>;
  readonly unread: Readonly<Record<string, Millis>>;
}

export interface Seen {
  readonly instances: readonly InstanceStatus[];
  /** Why the present args file is not in force; `null`: it is. */
  readonly refusal: string | null;
}

/** A source that cannot be read for so long is told: an endpoint that is restarted is no news. */
export const sourcePatience: Millis = 30 * 60_000;

/** A client that is up for so long, and not judged yet, counts as one that serves. */
const upFor: Millis = 60_000;

/** How long each client has been without service, and its source unread. */
export function sinceOf(
  before: Since,
  { instances }: Seen,
  now: Millis,
  isStill: (status: InstanceStatus) => boolean,
): Since {
  const kept = (times: Since['gone'], holds: (status: InstanceStatus) => boolean) =>
    Object.fromEntries(instances.filter(holds).map((one) => [placeOf(one), times[placeOf(one)] ?? now]));
  return {
    gone: kept(before.gone, (one) => !one.stopped && !isStill(one)),
    unread: kept(before.unread, ({ trouble }) => trouble !== null),
  };
}

/** Whether a client serves, as far as can be known. `wall`: milliseconds since the Unix epoch. */
export function serves({ child, verdict, phase }: InstanceStatus, wall: Millis): boolean {
  if (child === null || verdict === 'unhealthy' || verdict === 'down') return false;
  return verdict === 'healthy' || (phase === 'probation' ? true : wall - Date.parse(child.startedAt) >= upFor);
}

/** What the levels raise and end, over what is open. */
export function heardOfLevels(
  open: OpenConditions,
  seen: Seen,
  since: Since,
  { now, downFor }: { readonly now: Millis; readonly downFor: Millis },
): readonly Heard[] {
  const places = new Set(seen.instances.map(placeOf));
  const lost = Object.values(open).flatMap(({ subject, condition }) =>
    subject === null || places.has(placeOf(subject)) ? [] : [over(condition, subject, 'removed')],
  );
  return [
    ...lost,
    ...seen.instances.flatMap((status) => ofInstance(open, status, since, { now, downFor })),
    ...ofFile(open, seen.refusal),
  ];
}

function ofInstance(
  open: OpenConditions,
  status: InstanceStatus,
  since: Since,
  { now, downFor }: { readonly now: Millis; readonly downFor: Millis },
): readonly Heard[] {
  const subject = { network: status.network, client: status.client };
  const place = placeOf(subject);
  const gone = since.gone[place];
  const unread = since.unread[place];
  const is = (condition: Condition) => open[keyOf(condition, subject)] !== undefined;
  const isDown = gone !== undefined && now - gone >= downFor;
  const isWell = status.ok && status.verdict === 'healthy';
  return [
    ...endedBy(status, isWell)
      .filter(is)
      .map((condition) => over(condition, subject, isWell ? 'well' : status.stopped ? 'stopped' : 'quiet')),
    ...(isDown && !is('down') ? [raised('down', subject, 'nothing serves', whyDown(status))] : []),
    ...(unread !== undefined && now - unread >= sourcePatience && !is('source')
      ? [raised('source', subject, 'its source cannot be read', status.trouble)]
      : []),
    ...(status.trouble === null && is('source') ? [over('source', subject, 'read')] : []),
  ];
}

/** What is over by what is seen: all of it where the client is as it should be; what a person stopped is down on purpose. */
function endedBy(status: InstanceStatus, isWell: boolean): readonly Condition[] {
  const all = (Object.keys(conditions) as Condition[]).filter((condition) => condition !== 'argsFile');
  if (isWell) return all;
  const quiet: readonly Condition[] = status.guard === null || status.guard.state === 'watching' ? ['copy'] : [];
  return status.stopped ? [...quiet, 'down', 'exits', 'unhealthy', 'failing', 'environment'] : quiet;
}

const whyDown = ({ blocked, reason, lastExit, trouble }: InstanceStatus): string | null =>
  blocked ?? reason ?? lastExit ?? trouble;

function ofFile(open: OpenConditions, refusal: string | null): readonly Heard[] {
  const isOpen = open[keyOf('argsFile', null)] !== undefined;
  if (refusal === null) return isOpen ? [over('argsFile', null, 'accepted')] : [];
  return isOpen ? [] : [raised('argsFile', null, 'the args file was refused; the one before stays in force', refusal)];
}

const placeOf = ({ network, client }: Subject): string => `${network}/${client}`;

const over = (condition: Condition, subject: Subject | null, event: string): Heard => ({
  is: 'over',
  condition,
  subject,
  event,
});

const raised = (condition: Condition, subject: Subject | null, summary: string, reason: string | null): Heard => ({
  is: 'raised',
  condition,
  subject,
  event: condition,
  summary,
  reason: textOf(reason),
  details: {},
});
