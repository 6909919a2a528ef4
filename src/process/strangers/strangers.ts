import { printable } from '../../errors.ts';
import type { Command } from './commands.ts';
import { evidenceIn, isExcepted } from './evidence.ts';
import { endOf, endOfUnit, type Manager, type Place } from './place.ts';
import type { Traces } from './traces.ts';

/** A client of ours that vaultvisor did not start. */
export interface Stranger {
  /** `null`: nothing of it runs just now. */
  readonly pid: number | null;
  /** The systemd unit that runs it. */
  readonly unit: string | null;
  /** What it is and how it is known, for a person. */
  readonly words: string;
  /** The commands that end it for good. */
  readonly end: string;
}

/** A command line as it was seen. */
interface Seen {
  readonly commands: readonly Command[];
  /** Which of its words name a key file of the client, or a copy of one. */
  readonly keyed: ReadonlySet<string>;
}

export interface SeenProcess extends Seen {
  readonly pid: number;
  readonly parent: number;
  /** See Process.start. */
  readonly start: number;
  readonly comm: string;
  /** Started by a vaultvisor for another client, by us, or what started us. */
  readonly managed: boolean;
  readonly place: Place | null;
}

export interface SeenUnit extends Seen {
  readonly name: string;
  readonly manager: Manager;
  /** As systemd has them: `active`, `activating`, …; `enabled`, `disabled`, … */
  readonly active: string;
  readonly enabled: string;
}

/** A pid file whose writer lives. */
export interface SeenPidFile {
  readonly path: string;
  readonly process: SeenProcess;
}

/** What the machine showed of itself. */
export interface Facts {
  readonly processes: readonly SeenProcess[];
  readonly units: readonly SeenUnit[];
  readonly pidFiles: readonly SeenPidFile[];
}

/** Who of all these is a client of the traces' account that vaultvisor did not start: the eldest process first, since it may start the others again. */
export function strangersIn({ processes, units, pidFiles }: Facts, traces: Traces): readonly Stranger[] {
  const running = processes.flatMap((one) => {
    const evidence = one.managed || isFork(one, processes) ? null : evidenceIn(one.commands, one.keyed, traces);
    return evidence === null ? [] : [{ one, evidence }];
  });
  const known = new Set(running.map(({ one }) => one.pid));
  const named = pidFiles
    .filter(
      ({ process: one }) =>
        !one.managed && !known.has(one.pid) && !one.commands.some((command) => isExcepted(command, traces)),
    )
    .map(({ path, process: one }) => ({ one, evidence: `${one.comm}, named in ${path}` }));
  const all = [...running, ...named].sort((a, b) => a.one.start - b.one.start || a.one.pid - b.one.pid);
  const ran = new Set(all.map(({ one }) => (one.place?.in === 'unit' ? one.place.unit : null)));
  const others = units.filter(
    ({ name, active, enabled }) => !ran.has(name) && (isActive(active) || isEnabled(enabled)),
  );
  return [
    ...all.map(({ one, evidence }) => ofProcess(one, evidence)),
    ...others.flatMap((unit) => {
      const evidence = evidenceIn(unit.commands, unit.keyed, traces);
      return evidence === null ? [] : [ofUnit(unit, evidence)];
    }),
  ];
}

/** It has the command line of its parent still, and goes with it, or becomes another program in a moment. */
const isFork = ({ parent, commands }: SeenProcess, all: readonly SeenProcess[]): boolean =>
  all.some((other) => other.pid === parent && JSON.stringify(other.commands) === JSON.stringify(commands));

const isActive = (state: string): boolean => state !== 'inactive' && state !== 'failed' && state !== '';
const isEnabled = (state: string): boolean => state.startsWith('enabled');

function ofProcess({ pid, place }: SeenProcess, evidence: string): Stranger {
  return {
    pid,
    unit: place?.in === 'unit' ? place.unit : null,
    words: `pid ${pid} (${short(evidence)})${whereWords(place)}`,
    end: endOf(place, pid),
  };
}

function ofUnit({ name, manager, active, enabled }: SeenUnit, evidence: string): Stranger {
  const state = [active, enabled].filter((word) => word !== '').join(', ');
  const whose = manager === 'system' ? '' : ` of the user ${manager.user}`;
  return {
    pid: null,
    unit: name,
    words: `the unit ${printable(name)}${whose} (${state}; ${short(evidence)})`,
    end: endOfUnit(name, manager),
  };
}

function whereWords(place: Place | null): string {
  switch (place?.in) {
    case 'unit':
      return ` of the unit ${printable(place.unit)}`;
    case 'container':
      return ` in the container ${place.id}`;
    case 'pod':
      return ' in a pod of Kubernetes';
    case undefined:
      return '';
  }
}

const short = (text: string): string => printable(text.length > 200 ? `${text.slice(0, 200)}…` : text);
