import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Look } from '../../src/observe/look.ts';
import type { Built } from '../support/client/client.ts';
import { overlapsIn, textAt } from '../support/journal.ts';
import { type Fleet, placeOf } from './fleet.ts';
import { type Edit, type Patience, type Release, releases } from './model.ts';
import { type AtRest, type Seen, seen } from './seen.ts';
import type { Said } from './source.ts';
import type { Word } from './words.ts';

/** Milliseconds after which an edit that was accepted is taken up: of what crashes at each start nothing shows which edit it is. */
const TAKEN_UP = 1_000;

interface Line {
  readonly event: string;
  readonly at?: string;
  readonly checksum?: string;
  readonly specVersion?: number;
}

/** Lines of the history that a difference is told with. */
const TALE = 16;

/** Milliseconds after which what was said is taken for heard where no history tells it. */
const UNTOLD = 5_000;

/** Milliseconds that a daemon that has other things to do may take to see it. */
const NEWS = 5_000;

export type Answer = 'done' | 'refused' | 'no space';

/** One client of the real daemon. */
export interface RealClient {
  readonly place: string;
  /** Does it, or has it happen. */
  hear(word: Word): Promise<Answer>;
  look(): Promise<Sight>;
  /** What the history says was last named, and which runtime; `undefined`: it cannot be relied upon. */
  lastHeard(): { readonly release: Release | null; readonly spec: number | null } | undefined;
  /** Has the args file read, where this client wrote it. */
  apply(): Promise<void>;
  isFull(): boolean;
  /** Whether what the source said last must have been heard. */
  isRead(): boolean;
  /** What its clients and its history tell that must never be. */
  complaints(): readonly string[];
  /** The end of its history, for a person. */
  tale(): string;
  leave(): void;
}

/** What there is to be seen at one time. */
export interface Sight {
  /** `undefined`: no daemon answers. */
  readonly seen: Seen | undefined;
  readonly rest: AtRest | null;
  readonly trouble: string;
}

export function joinFleet(fleet: Fleet, member: number, patience: Patience): RealClient {
  const place = placeOf(member, patience);
  const source = fleet.sourceOf(member);
  const [network = '', client = ''] = place.split('/');
  const { scene } = fleet;
  let said: Said = { named: null, pending: null, spec: 1 };
  const built = buildAll(fleet);
  const names = new Map(releases.map((release) => [built[release].checksum, release]));
  const name = (checksum: string): string => names.get(checksum) ?? checksum;
  const left = new Set<number>();
  let [hasBeenFull, hasWritten, saidAt, appliedAt] = [false, false, 0, -Infinity];

  const statusIn = (look: Look | null) =>
    look?.instances.find((one) => one.network === network && one.client === client);

  async function person(act: object): Promise<Answer> {
    const answer = await fleet.ask('/v1/act', { network, client, act });
    if (answer?.exit === 0) return 'done';
    if (answer?.exit === 64) return 'refused';
    if (answer?.exit === 74 && fleet.isFull()) return 'no space';
    throw new Error(`${JSON.stringify(act)} was answered with ${JSON.stringify(answer)}`);
  }

  async function killChild(): Promise<Answer> {
    const pid = statusIn(await fleet.look())?.child?.pid;
    if (pid === undefined || left.has(pid)) return 'refused';
    left.add(pid);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      return 'refused';
    }
    // that a process is gone is news to its daemon a moment later
    const end = performance.now() + NEWS;
    while (performance.now() < end && statusIn(await fleet.look())?.child?.pid === pid) await sleep(20);
    return 'done';
  }

  async function world(work: Promise<void>): Promise<Answer> {
    await work;
    return 'done';
  }

  function say(now: Said): Promise<Answer> {
    said = patience.source === 'chain' ? now : { ...said, named: now.named };
    saidAt = performance.now();
    return world(source.say(said));
  }

  function write(edit: Edit | null): Promise<Answer> {
    hasWritten = true;
    return world(fleet.write(place, edit));
  }

  function hear(word: Word): Promise<Answer> {
    switch (word.do) {
      case 'publish':
        return say({ ...said, named: built[word.release] });
      case 'pend':
        return say({ ...said, pending: built[word.release] });
      case 'upgrade':
        return say({ named: said.pending ?? said.named, pending: null, spec: said.spec + 1 });
      case 'withdraw':
        return say({ ...said, named: null });
      case 'break':
        return world(scene.behave(place, 'broken', word.release));
      case 'fix':
        return world(Promise.all(releases.map((one) => scene.behave(place, null, one))).then(() => {}));
      case 'edit':
        return write(word.edit);
      case 'remove':
        return write(null);
      case 'kill child':
        return killChild();
      case 'pin':
        return person({
          act: 'pin',
          checksum: built[word.release].checksum,
          uri: source.uriOf(built[word.release]),
          forever: word.forever,
        });
      case 'hold':
        return person({ act: 'hold', for: null });
      case 'unhold':
      case 'stop':
      case 'start':
      case 'restart':
      case 'rollback':
      case 'retry':
      case 'unpin':
        return person({ act: word.do });
      case 'fill disk':
        hasBeenFull = true;
    }
    return world(fleet.everybody.meet(() => fleet.happen(word.do)));
  }

  const lineOf = ({ event, checksum, at = '' }: Line): string =>
    `${at.slice(17)} ${event}${checksum === undefined ? '' : ` ${name(checksum)}`}`;

  function history(): readonly Line[] {
    const text = textAt(join(scene.home, 'instances', place, 'history.ndjson'));
    return text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
  }

  return {
    place,
    hear,
    async look() {
      const look = await fleet.look();
      const status = statusIn(look);
      const child = status?.child ?? null;
      const edit = child === null || left.has(child.pid) ? null : editOf(child.pid);
      return {
        seen: look === null ? undefined : seen(status, name),
        rest:
          status === undefined
            ? null
            : { child: child?.checksum && edit ? { release: name(child.checksum), edit } : null, ok: status.ok },
        trouble: [status?.reason, status?.next?.waitsFor, status?.blocked, status?.trouble, look?.daemon.refusal]
          .filter(Boolean)
          .join('; '),
      };
    },
    lastHeard() {
      if (hasBeenFull) return undefined;
      const last = history().findLast(({ event }) => event === 'announced' || event === 'withdrawn');
      const release = last?.event === 'announced' && last.checksum ? (name(last.checksum) as Release) : null;
      return { release, spec: history().findLast(({ event }) => event === 'runtime')?.specVersion ?? null };
    },
    async apply() {
      if (!hasWritten) return;
      hasWritten = false;
      const mayBeRefused = fleet.isGarbled();
      const answer = await fleet.ask('/v1/apply', { allowRemove: false });
      if (answer === null) throw new Error('nobody answers to apply');
      if (answer.exit !== 0 && !mayBeRefused) throw new Error(`apply was refused: ${JSON.stringify(answer)}`);
      appliedAt = performance.now();
    },
    isFull: fleet.isFull,
    // the history that would tell what was heard may have lost it on the full disk
    isRead: () =>
      source.isRead() &&
      performance.now() - appliedAt > TAKEN_UP &&
      (!hasBeenFull || performance.now() - saidAt > UNTOLD),
    complaints: () => overlapsIn(scene.journal(place)),
    tale: () => history().slice(-TALE).map(lineOf).join('; '),
    leave: () => fleet.everybody.leave(),
  };
}

/** Each release in a folder of its own; `false` is named with the address of other bytes. */
function buildAll({ scene: { client } }: Fleet): Readonly<Record<Release, Built>> {
  const steady = (release: Release) => client.build(release);
  const [a, wrong] = [steady('a'), steady('false')];
  return {
    ...{ a, b: steady('b'), c: steady('c') },
    ...{ crash: client.build('crash', 'broken'), mute: client.build('mute', 'mute') },
    false: { ...wrong, path: a.path },
  };
}

/** By what the process was really started with; `null`: it has left. */
function editOf(pid: number): Edit | null {
  const words = textAt(`/proc/${pid}/cmdline`).split('\0');
  if (words.length < 2) return null;
  return words.includes('--bad') ? 'bad' : words.includes('more') ? 'more' : 'plain';
}
