import type { InstanceStatus } from '../../core/instance-status.ts';
import type { DaemonLook, InstanceLook } from '../look.ts';
import { short } from '../words/pieces.ts';

/** A command to copy, and what it is for. */
export interface Move {
  readonly command: string;
  readonly why: string;
}

/** What a person may do about an instance as it is, the most pressing first; nothing where nothing is to be decided. */
export function movesOf(i: InstanceLook): readonly Move[] {
  const place = `${i.network}/${i.client}`;
  return [
    ...i.strangers.map(({ words, end }) => ({ command: end, why: `ends ${words} for good` })),
    ...guardMoves(i, place),
    ...(i.stopped ? [{ command: `vaultvisor start ${place}`, why: 'starts it again' }] : []),
    ...approvalMoves(i, place),
    ...(i.held === null ? [] : [{ command: `vaultvisor unhold ${place}`, why: 'lets updates in again' }]),
    ...(i.pinned === null ? [] : [{ command: `vaultvisor unpin ${place}`, why: 'follows the source again' }]),
    ...quarantineMoves(i, place),
    ...illMoves(i, place),
    ...(i.configured
      ? []
      : [{ command: 'vaultvisor apply --allow-remove', why: 'ends it: the args file no longer names it' }]),
  ];
}

/** What may be done at any time. */
export function usualMoves({ network, client, previous }: InstanceLook): readonly Move[] {
  const place = `${network}/${client}`;
  return [
    { command: `vaultvisor check ${place}`, why: 'what would happen now, and why; does nothing' },
    { command: `vaultvisor history ${place}`, why: 'all that has happened' },
    { command: `vaultvisor hold ${place} --for 24h`, why: 'no switches for a day; the client runs on' },
    ...(previous === null
      ? []
      : [
          {
            command: `vaultvisor rollback ${place}`,
            why: `back to ${short(previous.checksum)}, and keeps the present one out`,
          },
        ]),
  ];
}

/** What may be done about the daemon itself. */
export function daemonMoves({ file, refusal }: DaemonLook): readonly Move[] {
  if (refusal === null) return [];
  return [
    { command: `vaultvisor config validate --config ${quoted(file)}`, why: 'tells all that is wrong in the file' },
  ];
}

const guardMoves = ({ guard }: InstanceStatus, place: string): readonly Move[] =>
  guard === null || guard.state === 'alarm'
    ? []
    : [
        {
          command: `vaultvisor start ${place} --skip-guard`,
          why: 'only if no copy of it runs elsewhere: starts it now',
        },
      ];

const approvalMoves = ({ waiting, next, queued }: InstanceLook, place: string): readonly Move[] => {
  const staged = [queued, next].find((one) => one?.state === 'staged');
  if (waiting !== 'approval' || staged === undefined || staged === null) return [];
  return [{ command: `vaultvisor approve ${place} ${staged.checksum}`, why: 'lets it in' }];
};

const quarantineMoves = ({ quarantined }: InstanceStatus, place: string): readonly Move[] =>
  [...new Set(quarantined.map(({ checksum }) => checksum))].map((checksum) => ({
    command: `vaultvisor retry ${place} ${checksum}`,
    why: `lets ${short(checksum)} in again`,
  }));

const illMoves = ({ verdict, stopped, child, phase }: InstanceStatus, place: string): readonly Move[] => {
  const isIll = verdict === 'unhealthy' || verdict === 'down' || (child === null && phase === 'running' && !stopped);
  return isIll ? [{ command: `vaultvisor restart ${place}`, why: 'starts it anew, once its cause is mended' }] : [];
};

/** For a shell, where it would not take it as one word. */
const quoted = (word: string): string => (/^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
