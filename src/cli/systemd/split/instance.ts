import type { UnitFacts } from '../../../systemd/unit/facts.ts';

/** One client with a vaultvisor of its own: the two files that it takes, and what they say. */
export interface Instance {
  readonly network: string;
  readonly client: string;
  /** Of its unit. */
  readonly name: string;
  /** Path of its args file. */
  readonly file: string;
  /** What that says, secrets and all. */
  readonly value: ArgsValue;
  /** Where its page is; `null`: nowhere. */
  readonly listen: string | null;
  /** Its folder in the home that it had until now, where it has been run already; `null`: it begins anew. */
  readonly former: string | null;
  readonly facts: UnitFacts;
}

/** An args file as plain values, valid or on its way to be. */
export type ArgsValue = Readonly<Record<string, unknown>>;
