import type { Instance } from '../instance.ts';
import type { Policy } from '../policy.ts';
import { isOlder } from '../questions.ts';
import type { Release } from '../release.ts';
import { unfit } from '../unfit.ts';
import { type Notice, named } from './notice.ts';

export function ofChain(before: Instance, after: Instance, policy: Policy): readonly Notice[] {
  const { chain } = after;
  const out: Notice[] = [];
  if (chain.specVersion !== before.chain.specVersion)
    out.push({ event: 'runtime', specVersion: chain.specVersion, from: before.chain.specVersion });
  if (chain.pending && chain.pending.checksum !== before.chain.pending?.checksum)
    out.push({ event: 'pending', ...named(chain.pending), block: chain.block });
  if (chain.named && chain.named.checksum !== before.chain.named?.checksum)
    out.push({
      event: 'announced',
      ...named(chain.named),
      block: chain.block,
      ...downgrade(before, chain.named, policy),
    });
  const why = waitsFor(after, policy);
  const isOld = why === waitsFor(before, policy) && chain.named?.checksum === before.chain.named?.checksum;
  if (chain.named && why !== null && !isOld) out.push({ event: 'waits', ...named(chain.named), reason: why });
  if (!chain.named && before.chain.named)
    out.push({ event: 'withdrawn', ...named(before.chain.named), block: chain.block });
  return out;
}

/** Why what is named cannot come yet; over a pin nothing waits. */
const waitsFor = (i: Instance, policy: Policy): string | null =>
  i.chain.named === null || i.said.pinned !== null ? null : unfit(i, i.chain.named, policy);

/** Governance may name an older release; that it did is told, and whether it is obeyed. */
function downgrade(before: Instance, release: Release, policy: Policy): { downgrade?: 'obeyed' | 'refused' } {
  if (!isOlder(before, release, policy)) return {};
  return { downgrade: policy.allowDowngrade ? 'obeyed' : 'refused' };
}
