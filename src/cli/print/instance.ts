import {
  besideStranger,
  type InstanceStatus,
  type NextStatus,
  type QuarantineStatus,
} from '../../core/instance-status.ts';
import { grouped, oneLine, redeemWords, releaseWords, short } from '../../observe/words/pieces.ts';
import { type Mood, stateOf, stateWords } from '../../observe/words/state.ts';
import { momentWords, spanWords } from '../../observe/words/time.ts';
import { nameOf } from '../pick.ts';
import type { Paint } from './paint.ts';
import { wrap } from './wrap.ts';

export const marks = { well: ['green', '●'], busy: ['yellow', '▲'], ill: ['red', '✖'] } as const satisfies Record<
  Mood,
  unknown
>;

/** One instance as a block of lines; what there is nothing to say of has no line. That nobody looks after it is said at the top of the page. */
export function instanceBlock(
  i: InstanceStatus,
  isLookedAfter: boolean,
  now: number,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string {
  const { mood } = stateOf(i, isLookedAfter);
  const words = stateWords(i, isLookedAfter);
  const [colour, mark] = marks[mood];
  const head = `${paint(colour, mark)} ${paint('bold', nameOf(i))}  ${paint(colour, words)}`;
  const lines = instanceRows(i, isLookedAfter, now).map(([label, text]) =>
    wrap(`    ${paint('dim', label.padEnd(9))} ${text}`, width, 14),
  );
  return [wrap(head, width, 4), ...lines].join('\n');
}

type Row = readonly [label: string, text: string];

/** What there is to say of it, each with its label, the weightiest first. */
export function instanceRows(i: InstanceStatus, isLookedAfter: boolean, now: number): readonly Row[] {
  return [
    ...(i.trouble === null || !isLookedAfter ? [] : [['trouble', oneLine(i.trouble)] as const]),
    ...(i.guard === null ? [] : [['guard', oneLine(i.guard.reason)] as const]),
    ...redeemRow(i, now),
    ...blockedRows(i),
    ...releaseRows(i),
    ...childRow(i, now),
    ...exitRow(i),
    ...[i.next, i.queued].flatMap((next, index) => nextRows(index === 0 ? 'next' : 'then', next, nameOf(i), now)),
    ...(i.pending === null
      ? []
      : [
          [
            'pending',
            `${releaseWords(i.pending)}, ${i.pending.waitsFor === null ? 'with the next runtime' : `which waits: ${oneLine(i.pending.waitsFor)}`}`,
          ] as const,
        ]),
    ...i.quarantined.map((one) => ['barred', barredWords(one, i, now)] as const),
    ...personRows(i, now),
    ...(i.configured ? [] : [['file', 'no longer names it: `vaultvisor apply --allow-remove` ends it'] as const]),
    ...chainRow(i, now),
  ];
}

const redeemRow = ({ redeem = null }: InstanceStatus, now: number): readonly Row[] =>
  redeem === null ? [] : [['redeem', redeemWords(redeem, now)]];

/** A line for each stranger, with the commands to copy. */
function blockedRows({ blocked, guard, strangers = [] }: InstanceStatus): readonly Row[] {
  if (blocked === null || blocked === guard?.reason) return [];
  if (strangers.length === 0) return [['blocked', oneLine(blocked)]];
  const each = strangers.map(
    ({ words, end }) => ['stranger', `${oneLine(words)}: \`${oneLine(end)}\` ends it`] as const,
  );
  return [['blocked', `${besideStranger}; it is looked at again every 10 s`], ...each];
}

function releaseRows({ current, previous }: InstanceStatus): readonly Row[] {
  return [
    ...(current === null ? [] : [['release', releaseWords(current)] as const]),
    ...(previous === null ? [] : [['before', releaseWords(previous)] as const]),
  ];
}

function childRow({ child, current }: InstanceStatus, now: number): readonly Row[] {
  if (child === null) return [];
  const other = child.checksum !== null && child.checksum !== current?.checksum ? `, of ${short(child.checksum)}` : '';
  return [['child', `pid ${child.pid}, up ${spanWords(Math.max(0, now - Date.parse(child.startedAt)))}${other}`]];
}

/** While it rests: what is down for good says it in its head line. */
function exitRow({ child, lastExit, verdict }: InstanceStatus): readonly Row[] {
  return child !== null || lastExit === null || verdict === 'down' ? [] : [['last', oneLine(lastExit)]];
}

function nextRows(label: string, next: NextStatus | null, place: string, now: number): readonly Row[] {
  if (next === null) return [];
  const words = { fetching: 'being fetched', staged: 'ready', switching: 'taking over', probation: 'on probation' };
  // of a trial it is mostly what a probe saw, and "waits for nothing listens" would be read wrongly
  const verb = next.state === 'probation' ? 'not passed yet:' : 'waits for';
  const waits = next.waitsFor === null ? '' : `, ${verb} ${oneLine(next.waitsFor)}`;
  const again = next.retryAt === null ? '' : `; again at ${momentWords(next.retryAt, now)}`;
  return [
    [
      label,
      `${releaseWords(next)}: ${words[next.state]}${next.retryAt === null ? withPlace(waits, place) : failed(next)}${again}`,
    ],
  ];
}

/** The command to copy: where there are several clients it has to say which. */
const withPlace = (text: string, place: string): string =>
  text.replace(/: vaultvisor approve (0x[0-9a-f]{64})/, `: \`vaultvisor approve ${place} $1\``);

const failed = ({ waitsFor }: NextStatus): string => (waitsFor === null ? '' : `, failed: ${oneLine(waitsFor)}`);

function barredWords(
  { checksum, deployment, reason, attempts, retryAt }: QuarantineStatus,
  i: InstanceStatus,
  now: number,
): string {
  // of the very bytes that run well it is the edit that is barred
  const isEdit = deployment !== null && checksum === i.current?.checksum;
  const what = isEdit ? `an edit of its settings (deployment ${deployment.slice(0, 12)})` : short(checksum);
  const tries = attempts > 0 ? ` (${attempts === 1 ? 'tried once' : `tried ${attempts} times`})` : '';
  const then =
    retryAt === null
      ? `only you let it in again: \`vaultvisor retry ${nameOf(i)}${i.quarantined.length === 1 ? '' : ` ${checksum}`}\``
      : `again at ${momentWords(retryAt, now)}`;
  return `${what}: ${oneLine(reason)}${tries}; ${then}`;
}

function personRows(i: InstanceStatus, now: number): readonly Row[] {
  const place = nameOf(i);
  const until = i.held?.until == null ? 'until' : `until ${momentWords(i.held.until, now)}, or`;
  return [
    ...(i.stopped ? [['stopped', `until \`vaultvisor start ${place}\``] as const] : []),
    ...(i.held === null ? [] : [['held', `no switches ${until} \`vaultvisor unhold ${place}\``] as const]),
    ...(i.pinned === null
      ? []
      : [['pinned', `to ${short(i.pinned.checksum)} ${pinEnd(i)} \`vaultvisor unpin ${place}\``] as const]),
  ];
}

const pinEnd = ({ pinned }: InstanceStatus): string =>
  pinned?.forever ? 'for ever, until' : 'until the source names another release, or';

function chainRow({ chain }: InstanceStatus, now: number): readonly Row[] {
  if (chain === null) return [];
  const { endpoint, connected, finalized } = chain;
  const where = `${connected ? 'connected to' : 'not connected to'} ${oneLine(endpoint ?? 'any endpoint')}`;
  if (finalized === null) return [['chain', `${where}, nothing read yet`]];
  const age = finalized.at === null ? '' : `, ${spanWords(Math.max(0, now - Date.parse(finalized.at)))} old`;
  return [['chain', `${where}, finalised block ${grouped(finalized.number)}${age}`]];
}
