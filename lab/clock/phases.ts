import { renameSync } from 'node:fs';
import { homeAt } from '../../src/layout.ts';
import { ask } from '../support/ask.ts';
import type { Built } from '../support/client/client.ts';
import { type Line, textAt } from '../support/journal.ts';
import type { Scene } from '../support/scene.ts';

/** One thing that takes its time, at a client of its own. Times are those of the machine's monotonic clock, in milliseconds. */
export interface Phase {
  readonly place: string;
  readonly settings: object;
  /** The manner of what serves before. */
  readonly before: 'steady' | 'deaf';
  /** Makes the client wait. */
  begin(scene: Scene, names: () => string): Promise<Waiting>;
}

export interface Waiting {
  /** What must serve in the end. `null`: what served before. */
  readonly end: Built | null;
  /** Whether it waits now. */
  hasBegun(scene: Scene): Promise<boolean>;
  /** Whether it came to what it waited for. May do the next step towards that. */
  isOver(scene: Scene): Promise<boolean>;
  /** What came too soon. */
  wrong(scene: Scene): readonly string[];
}

/** The machine's monotonic clock in milliseconds: that of the clients' journals. */
export const machineNow = (): number => Number(process.hrtime.bigint()) / 1e6;

// long enough that all eight have begun before the first is over, on a busy machine too
const PROVE = 4_000;
const DEADLINE = 4_500;
const GRACE = 4_000;
const HOLD = 6_000;
const RETRY = 4_000;
/** Over a restart of the daemon. */
export const LONG_HOLD = 600_000;

const startsOf = (scene: Scene, place: string, { release }: Built): readonly number[] =>
  scene.journal(place).flatMap((line) => (isStartOf(line, release) ? [line.at / 1e6] : []));
const isStartOf = ({ what, detail }: Line, release: string) => what === 'start' && detail.startsWith(`${release} `);

/** `least` after `since`, and not sooner. */
const tooSoon = (what: string, since: number, at: number | undefined, least: number): readonly string[] =>
  at !== undefined && at - since < least
    ? [`${what} after ${Math.round(at - since)} ms, which must take ${least} ms`]
    : [];

export const probation: Phase = {
  place: 'lab/probation',
  settings: { health: { minHealthyTime: `${PROVE}ms`, healthyDeadline: '20s' } },
  before: 'steady',
  async begin(scene, names) {
    const next = scene.client.build(names());
    const since = machineNow();
    let committed: number | undefined;
    await scene.name(this.place, next);
    return {
      end: next,
      hasBegun: async () => startsOf(scene, probation.place, next).length > 0,
      async isOver() {
        const status = await scene.status(probation.place);
        if (status?.current?.checksum === next.checksum) committed ??= machineNow();
        return committed !== undefined;
      },
      wrong: () => tooSoon('committed', since, committed, PROVE),
    };
  },
};

/** It never says that it serves. */
export const deadline: Phase = {
  place: 'lab/deadline',
  settings: { health: { minHealthyTime: '200ms', healthyDeadline: `${DEADLINE}ms` }, retry: { after: '10m' } },
  before: 'steady',
  async begin(scene, names) {
    const next = scene.client.build(names(), 'mute');
    const since = machineNow();
    let back: number | undefined;
    await scene.name(this.place, next);
    return {
      end: null,
      hasBegun: async () => startsOf(scene, deadline.place, next).length > 0,
      async isOver() {
        const status = await scene.status(deadline.place);
        const isBarred = status?.quarantined.some(({ checksum }) => checksum === next.checksum);
        if (isBarred) back ??= machineNow();
        return back !== undefined;
      },
      wrong: () => tooSoon('given up', since, back, DEADLINE),
    };
  },
};

/** The old one does not hear SIGINT. */
export const grace: Phase = {
  place: 'lab/grace',
  settings: { stop: { grace: `${GRACE}ms` } },
  before: 'deaf',
  async begin(scene, names) {
    const next = scene.client.build(names());
    const since = machineNow();
    await scene.name(this.place, next);
    return {
      end: next,
      hasBegun: async () => isAsked(scene, grace.place),
      isOver: async () => startsOf(scene, grace.place, next).length > 0,
      wrong: () => tooSoon('killed', since, startsOf(scene, grace.place, next)[0], GRACE),
    };
  },
};

export const hold: Phase = {
  place: 'lab/hold',
  settings: {},
  before: 'steady',
  async begin(scene, names) {
    const next = scene.client.build(names());
    const since = machineNow();
    await asked(scene, this.place, HOLD);
    await scene.name(this.place, next);
    return {
      end: next,
      hasBegun: async () => (await scene.status(hold.place))?.next?.state === 'staged',
      isOver: async () => startsOf(scene, hold.place, next).length > 0,
      wrong: () => tooSoon('let in', since, startsOf(scene, hold.place, next)[0], HOLD),
    };
  },
};

/** Twice, which it takes to fail; then it rests. */
export const quarantine: Phase = {
  place: 'lab/quarantine',
  settings: { retry: { after: `${RETRY}ms`, max: `${2 * RETRY}ms`, attempts: 9 } },
  before: 'steady',
  async begin(scene, names) {
    const next = scene.client.build(names(), 'broken');
    await scene.name(this.place, next);
    return {
      end: null,
      hasBegun: async () => ((await scene.status(quarantine.place))?.quarantined.length ?? 0) > 0,
      isOver: async () => startsOf(scene, quarantine.place, next).length > 2,
      wrong: () => {
        const [, second = Number.NaN, third] = startsOf(scene, quarantine.place, next);
        return tooSoon('tried again', second, third, RETRY);
      },
    };
  },
};

/** What runs crashes again and again. */
export const backoff: Phase = {
  place: 'lab/backoff',
  settings: { restart: { delay: '200ms', max: '600ms', stableAfter: '10s' } },
  before: 'steady',
  async begin(scene) {
    const before = scene.journal(this.place).length;
    await scene.behave(this.place, 'crash');
    const starts = () =>
      scene
        .journal(backoff.place)
        .slice(before)
        .filter(({ what }) => what === 'start').length;
    return {
      end: null,
      hasBegun: async () => starts() > 0,
      async isOver() {
        if (starts() < 9) return false;
        await scene.behave(backoff.place, 'steady');
        return true;
      },
      wrong: () => [],
    };
  },
};

/** Its file is not there yet. */
export const download: Phase = {
  place: 'lab/download',
  settings: { download: { retry: { after: '300ms', max: '600ms' } } },
  before: 'steady',
  async begin(scene, names) {
    const next = scene.client.build(names());
    const away = `${next.path}.away`;
    renameSync(next.path, away);
    await scene.name(this.place, next);
    let isThere = false;
    const tries = async () =>
      (await scene.history(download.place)).filter(({ event }) => event === 'fetchFailed').length;
    return {
      end: next,
      hasBegun: async () => (await tries()) > 0,
      async isOver() {
        if ((await tries()) < 12) return false;
        if (!isThere) renameSync(away, next.path);
        isThere = true;
        return startsOf(scene, download.place, next).length > 0;
      },
      wrong: () => [],
    };
  },
};

/** Not over before the daemon is started again. */
export const longHold: Phase = {
  place: 'lab/long-hold',
  settings: {},
  before: 'steady',
  async begin(scene, names) {
    const next = scene.client.build(names());
    await asked(scene, this.place, LONG_HOLD);
    await scene.name(this.place, next);
    return {
      end: null,
      hasBegun: async () => true,
      isOver: async () => (await scene.status(longHold.place))?.next?.state === 'staged',
      wrong: () =>
        startsOf(scene, longHold.place, next).length > 0 ? ['let in, though it is held for ten minutes'] : [],
    };
  },
};

export const phases: readonly Phase[] = [probation, deadline, grace, hold, quarantine, backoff, download, longHold];

async function asked(scene: Scene, place: string, span: number): Promise<void> {
  const [network, client] = place.split('/');
  const answer = await ask(scene.home, '/v1/act', { network, client, act: { act: 'hold', for: span } });
  if (answer?.exit !== 0) throw new Error(`the hold was refused: ${JSON.stringify(answer)}`);
}

/** Its record says that it was asked to leave. */
function isAsked(scene: Scene, place: string): boolean {
  const [network = '', client = ''] = place.split('/');
  return textAt(homeAt(scene.home).instance(network, client).childRecord).includes('"asked":{');
}
