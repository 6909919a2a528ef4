import { readFileSync } from 'node:fs';
import type { Built } from '../../support/client/client.ts';
import { unless } from '../right-end.ts';
import type { Stage } from '../stage.ts';

/** The words that Compose is called by. */
export type Program = readonly [string, ...string[]];

/** Begins once, and only when it is asked for. */
export function lazy<T>(begin: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | null = null;
  return () => (begun ??= begin());
}

/** Waits until a client that was started after the first `seen` lines serves this release. */
export async function againIn(stage: Stage, served: Built, seen: number): Promise<void> {
  await stage.until('it serves again', ({ child, verdict }) => {
    const isBegun = stage
      .journal()
      .slice(seen)
      .some(({ what }) => what === 'serve');
    return isBegun && child?.checksum === served.checksum && verdict === 'healthy';
  });
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
