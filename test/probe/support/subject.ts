import { EventEmitter, once } from 'node:events';
import type { Living, Subject } from '../../../src/probe/probe.ts';

/** A subject that the test starts and stops by hand; its child is this process, unless another pid is given. */
export interface StagedSubject extends Subject {
  start(pid?: number): void;
  stop(): void;
  /** A line of the present start. */
  say(line: string): void;
  /** How often the log was asked. */
  asked(): number;
}

export function stageSubject(now: () => number = () => performance.now()): StagedSubject {
  const changes = new EventEmitter();
  let living: Living | null = null;
  let lines: string[] = [];
  let asked = 0;
  const become = (next: Living | null) => {
    living = next;
    lines = [];
    changes.emit('change');
  };
  const seen = (text: string) => {
    asked += 1;
    return lines.some((line) => line.includes(text));
  };
  return {
    child: () => living,
    changed: async (signal) => void (await once(changes, 'change', { signal })),
    start: (pid = process.pid) => become({ pid, startedAt: now(), seen }),
    stop: () => become(null),
    say: (line) => void lines.push(line),
    asked: () => asked,
  };
}
