import type { Finding } from '../problem.ts';
import type { ClientConfig } from '../settings.ts';

/** Something that one client has and no other may have. */
export interface Held {
  readonly client: ClientConfig;
  readonly key: string;
  readonly finding: (other: ClientConfig) => Finding;
}

/** A finding for each client that has what another one had before it. */
export function clashes(all: readonly Held[]): readonly Finding[] {
  return all.flatMap((one, index) => {
    const other = all.slice(0, index).find(({ client, key }) => client !== one.client && key === one.key);
    return other === undefined ? [] : [one.finding(other.client)];
  });
}
