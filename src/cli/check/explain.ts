import type { ClientConfig } from '../../config/settings.ts';
import type { Instance } from '../../core/instance.ts';
import type { Policy } from '../../core/policy.ts';
import type { Millis } from '../../core/release.ts';
import { outlookOf } from '../../daemon/instance/outlook.ts';
import type { Waited } from '../../observe/look.ts';
import { short } from '../../observe/words/pieces.ts';
import { momentWords } from '../../observe/words/time.ts';
import { quietUrls } from '../../quiet-url.ts';
import { nameOf } from '../pick.ts';

/** Why it is this release, and what would bring it where it does not come by itself. */
export interface Explanation {
  readonly because: string;
  /** Reads on after "it comes with"; commands to copy stand in backticks. Empty: nothing is missing, or all comes by itself. */
  readonly bring: readonly string[];
}

export function explain(i: Instance, config: ClientConfig, policy: Policy, now: Millis): Explanation {
  const staged: Instance =
    i.next === null ? i : { ...i, next: { at: 'staged', deployment: i.next.deployment, since: now } };
  const { waiting } = outlookOf(staged, policy, { gate: null, isReady: () => true });
  return { because: because(i, config), bring: waiting === null ? [] : [bringing(waiting, i, config, now)] };
}

/** @param config of whom it is told */
export function because({ said, chain }: Instance, { network, client, source }: ClientConfig): string {
  if (said.pinned !== null)
    return `a person pinned ${short(said.pinned.release.checksum)}${said.pinned.forever ? ' for ever' : ', until its source names another release'}`;
  const where = chain.block === null ? '' : ` in block ${chain.block}`;
  switch (source.source) {
    case 'clients-info':
      return `ClientsInfo on ${network} names it for "${source.client}"${where}`;
    case 'vault-registry':
      return `VaultRegistry on ${network} names it for every vault${where}`;
    case 'manifest':
      return `the manifest of ${client} names it (${quietUrls(source.url)})`;
  }
}

function bringing(waiting: Waited, i: Instance, config: ClientConfig, now: Millis): string {
  const place = nameOf(config);
  const checksum = i.next?.deployment.release.checksum ?? i.chain.named?.checksum ?? '';
  switch (waiting) {
    case 'pinned':
      return `\`vaultvisor unpin ${place}\``;
    case 'held': {
      const until = i.said.held?.until ?? null;
      const itself =
        until === null ? '' : `the end of the hold at ${momentWords(new Date(until).toISOString(), now)}, or `;
      return `${itself}\`vaultvisor unhold ${place}\``;
    }
    case 'stopped':
      return `\`vaultvisor start ${place}\``;
    case 'approval':
      return `\`vaultvisor approve ${place} ${checksum}\``;
    case 'quarantine': {
      const bar = i.bars.find((one) => one.by === 'failure' && one.of.release.checksum === checksum);
      const until = bar?.by === 'failure' && 'until' in bar.wait ? bar.wait.until : null;
      const itself = until === null ? '' : `another try at ${momentWords(new Date(until).toISOString(), now)}, or `;
      return `${itself}\`vaultvisor retry ${place}\``;
    }
    case 'forbidden':
      return `an args file that allows it (allowDowngrade, gates.allow, gates.deny), or \`vaultvisor pin ${place} ${checksum}\``;
    case 'compatibility':
      return 'a source that names what it lacks, or a runtime that it serves';
    case 'upgrade':
      return 'the runtime upgrade that is announced';
    case 'verdict':
      return 'the verdict on what serves now, by itself';
    case 'requireHealthy':
      return 'what serves now passing its probes again';
    case 'fetch':
    case 'turn':
    case 'chain':
    case 'window':
    case 'minAge':
    case 'rollout':
    case 'metric':
    case 'fleetLock':
    case 'drain':
      return 'time, by itself';
  }
}
