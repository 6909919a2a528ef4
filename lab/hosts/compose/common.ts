import { readFileSync } from 'node:fs';
import { unless } from '../right-end.ts';

/** The words that Compose is called by. */
export type Program = readonly [string, ...string[]];

/** Begins once, and only when it is asked for. */
export function lazy<T>(begin: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | null = null;
  return () => (begun ??= begin());
}

/** Whether a process has more rights than it should: another user than 10001, a capability. */
export function rightsOf(pid: number): readonly string[] {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const name = /^Name:\t(.*)$/m.exec(status)?.[1];
  return [
    ...unless(/^Uid:\t10001\t10001\t/m.test(status), `${name} runs as another user`),
    ...unless(/^CapEff:\t0+$/m.test(status), `${name} has rights of root`),
    ...unless(/^NoNewPrivs:\t1$/m.test(status), `${name} may get more rights`),
  ];
}
