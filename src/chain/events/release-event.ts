import type { Checksum } from '../../core/release.ts';

/** A release event as a block holds it. Events of `ClientsInfo` do not say which client they mean: a hint, never a decision. */
export interface ReleaseEvent {
  readonly name: 'VaultClientUpdate' | 'NotifyClientRelease' | 'ApplyClientRelease';
  /** `Initialization`: moved from pending to current by a runtime upgrade; `ApplyExtrinsic`: by a transaction. */
  readonly phase: string;
  readonly checksum: Checksum;
  /** Escaped, for people. */
  readonly uri: string | null;
  readonly version: string | null;
}
