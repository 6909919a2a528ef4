import type { ClientConfig } from '../../config/settings.ts';
import type { Deployment, DeploymentId } from '../../core/deployment.ts';
import type { Instance } from '../../core/instance.ts';
import type { Notice } from '../../core/notices/notice.ts';
import type { Checksum, Millis } from '../../core/release.ts';
import type { GateName } from '../../gate/round.ts';
import type { Laid } from '../../install/laid.ts';
import type { InstanceFolder } from '../../layout.ts';
import type { Log } from '../../log.ts';
import type { Orphan } from '../../process/adopt.ts';
import type { Lock } from '../../process/lock.ts';
import type { Look } from '../../process/strangers/look.ts';
import type { AgentPort } from '../agent/port.ts';
import type { Gatekeeper } from '../gates/gatekeeper.ts';
import type { CopyGuard } from '../guard/copy-guard.ts';
import type { Ending, Progress, Services } from '../services.ts';

/** What the tasks of one instance share while the daemon lives. Nothing of it is on disk, and nothing is decided by it. */
export interface Cell {
  readonly services: Services;
  readonly folder: InstanceFolder;
  readonly log: Log;
  /** The way to the agent that runs it, where the file names one. */
  readonly agent: AgentPort;
  /** Aborts when the instance ends. */
  readonly stopping: AbortSignal;
  value(): Instance;
  /** As the file says now. */
  config(): ClientConfig;
  /** As the file pins it; `null`: it does not. */
  genesis(): string | null;
  /** Deployments that lie complete and verified on disk. */
  readonly ready: Map<DeploymentId, Laid>;
  /** What was put in for the secrets that the client's start names, in this daemon's life. */
  readonly secrets: Set<string>;
  /** The identities that this daemon owns for the instance, or waits to own. */
  readonly claims: Map<string, Promise<Lock>>;
  /** When what is watched was first up, on the monotonic clock; `since`: of its probation, as the task says it. */
  readonly firstUp: Signal<FirstUp | null>;
  /** Why its probes fail just now, in words; `null`: they pass, or were not asked. */
  readonly failing: Signal<string | null>;
  /** The settings by which a child is judged, as text; another text is another judgement. */
  readonly revised: Signal<string>;
  readonly child: Signal<LiveChild | null>;
  /** Against a copy on another machine. */
  readonly copies: CopyGuard;
  readonly blocked: Signal<string | null>;
  /** What was found when it was last looked for clients that vaultvisor did not start. */
  readonly look: Signal<Look>;
  /** What the gate of the next waits for. */
  readonly gate: Signal<GateWait | null>;
  /** The gates of the file, as text; another text is asked at once. */
  readonly gatesRevised: Signal<string>;
  readonly gates: Gatekeeper;
  readonly progress: Signal<Progress | null>;
  /** Bytes that were told to be missing in the store, where nothing may be downloaded. */
  readonly lacking: Set<Checksum>;
  /** What the operator's own tool has let through: checksum and command. */
  readonly letThrough: Set<string>;
  /** The address that a person gave with a pin; such an address may be a file of this machine. */
  pinnedUri(): string | null;
  /** When the last child left, on the monotonic clock; `null` before that. */
  readonly leftAt: Signal<number | null>;
  /** What was started last, and why it has left or will have left. */
  readonly lastStart: Signal<LastStart | null>;
  /** Why the last child of this daemon's life ended by itself, in words; `null`: none has, or one is up. */
  readonly lastExit: Signal<string | null>;
  /** The status of the last child; `null`: it never had a process. */
  readonly lastEnding: Signal<Ending | null>;
  /** Whether it was proved since this daemon began that no child of an earlier one is left, or it was adopted. */
  readonly isClear: Signal<boolean>;
  /** The child of a dead supervisor that the next run of its deployment takes over. */
  readonly orphan: Signal<Orphan | null>;
  /** The permit to switch that this instance holds, and for which deployment. */
  readonly permit: Signal<{ readonly of: DeploymentId; giveBack(): void } | null>;
  /** The same without the client's secrets. What is to be cut is asked first: half a secret is not known again. */
  quiet<T>(value: T): T;
  /** What started and stopped the child tells of that itself. */
  notice(notice: Notice): void;
}

/** Another text is another judgement. */
export const judgedBy = ({ health, liveness, probes, when }: ClientConfig): string =>
  JSON.stringify([health, liveness, probes, when]);

/** What is given to a cell from outside. */
export type CellFrame = Pick<
  Cell,
  | 'services'
  | 'folder'
  | 'log'
  | 'value'
  | 'config'
  | 'genesis'
  | 'stopping'
  | 'pinnedUri'
  | 'notice'
  | 'copies'
  | 'gates'
  | 'agent'
  | 'secrets'
  | 'quiet'
>;

export function createCell(frame: CellFrame): Cell {
  return {
    ...frame,
    ready: new Map(),
    lacking: new Set(),
    letThrough: new Set(),
    claims: new Map(),
    firstUp: createSignal<FirstUp | null>(null),
    failing: createSignal<string | null>(null),
    revised: createSignal(judgedBy(frame.config())),
    child: createSignal<LiveChild | null>(null),
    blocked: createSignal<string | null>(null),
    look: createSignal<Look>({ strangers: [], unseen: [] }),
    gate: createSignal<GateWait | null>(null),
    gatesRevised: createSignal(JSON.stringify(frame.config().gates)),
    progress: createSignal<Progress | null>(null),
    leftAt: createSignal<number | null>(null),
    lastStart: createSignal<LastStart | null>(null),
    lastExit: createSignal<string | null>(null),
    lastEnding: createSignal<Ending | null>(null),
    isClear: createSignal<boolean>(false),
    orphan: createSignal<Orphan | null>(null),
    permit: createSignal<{ readonly of: DeploymentId; giveBack(): void } | null>(null),
  };
}

/** A gate that is not open, and what it waits for in words. */
export interface GateWait {
  readonly name: GateName | 'turn';
  readonly words: string;
}

interface FirstUp {
  readonly id: DeploymentId;
  readonly since: Millis | null;
  readonly at: number;
}

interface LastStart {
  readonly id: DeploymentId;
  readonly leftBy: 'exit' | 'asked' | 'boot';
}

/** The child that runs now. */
export interface LiveChild {
  readonly pid: number;
  readonly deployment: Deployment;
  readonly turn: number;
  readonly startedAt: Millis;
  /** On the monotonic clock. */
  readonly startedMonotonic: number;
  /** What is looked for in the lines of this start. */
  readonly texts: ReadonlySet<string>;
  /** Whether a line of this start contains the text. */
  seen(text: string): boolean;
}

/** A value that can be watched. */
export interface Signal<T> {
  get(): T;
  set(value: T): void;
  /** Resolves at the next change, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

export function createSignal<T>(first: T): Signal<T> {
  let value = first;
  let waiting = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      const told = waiting;
      waiting = new Set();
      for (const tell of told) tell();
    },
    changed: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const leave = () => {
          waiting.delete(tell);
          resolve();
        };
        const tell = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(tell);
      }),
  };
}

export const briefly = ({ id, release }: Deployment) => ({
  deployment: id.slice(0, 12),
  checksum: release.checksum,
  version: release.version,
});
