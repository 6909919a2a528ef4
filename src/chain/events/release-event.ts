import type { Checksum } from '../../core/release.ts';

/** What a block's events say of releases. Those of `ClientsInfo` do not say which client they mean: a hint, never a decision. */
export type ReleaseEvent = ReleaseNamed | MigrationsNamed;

interface Told {
  /** `Initialization`: moved from pending to current by a runtime upgrade; `ApplyExtrinsic`: by a transaction. */
  readonly phase: string;
}

interface ReleaseNamed extends Told {
  readonly name: 'VaultClientUpdate' | 'NotifyClientRelease' | 'ApplyClientRelease';
  readonly checksum: Checksum;
  /** Escaped, for people. */
  readonly uri: string | null;
  readonly version: string | null;
}

/** What leads to a version; neither: nothing does any more. */
interface MigrationsNamed extends Told {
  readonly name: 'ReleaseMigrationsUpdate';
  readonly version: string;
  readonly arguments: Checksum | null;
  readonly data: Checksum | null;
}
