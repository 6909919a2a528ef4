import { isRenderable } from '../../core/deployment.ts';
import type { PersonEvent } from '../../core/events.ts';
import type { Instance } from '../../core/instance.ts';
import { occupant } from '../../core/occupancy.ts';
import type { Policy } from '../../core/policy.ts';
import { isBarred, wayBack, withSettings } from '../../core/questions.ts';
import type { Checksum, Millis, Release } from '../../core/release.ts';
import { unfit } from '../../core/unfit.ts';
import { VisorError } from '../../errors.ts';

/** What a person may ask of one instance. */
export type Act =
  | { readonly act: 'hold'; readonly for: Millis | null }
  | { readonly act: 'unhold' | 'stop' | 'restart' | 'rollback' | 'unpin' }
  /** `skipGuard`: who wants it started whatever its account signs. */
  | { readonly act: 'start'; readonly skipGuard: string | null }
  | { readonly act: 'retry'; readonly checksum: Checksum | null }
  /** `withdraw`: no longer. */
  | { readonly act: 'approve'; readonly checksum: Checksum; readonly withdraw: boolean }
  | { readonly act: 'pin'; readonly checksum: Checksum; readonly uri: string | null; readonly forever: boolean };

/**
 * The event of an act.
 * @throws VisorError `usage` where it could do nothing; then nothing is changed.
 */
export function eventOf(
  act: Act,
  i: Instance,
  policy: Policy,
  now: Millis,
  isHeld: (checksum: Checksum) => boolean,
): PersonEvent {
  switch (act.act) {
    case 'hold':
      return { type: 'held', until: act.for === null ? null : now + act.for };
    case 'unhold':
      return { type: 'resumed' };
    case 'stop':
      return { type: 'stopped' };
    case 'start':
      return { type: 'started' };
    case 'restart':
      return restart(i);
    case 'rollback':
      return rollback(i, policy);
    case 'retry':
      return retry(i, act.checksum);
    case 'pin':
      return pin(i, act, policy, isHeld);
    case 'approve':
      return approve(i, act);
    case 'unpin':
      return { type: 'unpinned' };
  }
}

function restart(i: Instance): PersonEvent {
  if (i.said.stopped) throw new VisorError('usage', 'The client was stopped by a person', 'Use start.');
  if (occupant(i.slot) === null)
    throw new VisorError('usage', 'Nothing runs here yet', 'Look at status for what it waits for.');
  return { type: 'restarted' };
}

function rollback(i: Instance, policy: Policy): PersonEvent {
  if (i.slot.at === 'switching' || wayBack(i, policy) !== null) return { type: 'rejected' };
  throw new VisorError(
    'usage',
    'There is nothing to go back to: no release that was committed before is kept, allowed and proven under the present runtime',
    'Nothing was changed. Use pin CHECKSUM to run a certain release.',
  );
}

function retry(i: Instance, checksum: Checksum | null): PersonEvent {
  const isMeant = (c: Checksum) => checksum === null || c === checksum;
  const any = i.bars.some((bar) => isMeant(bar.by === 'failure' ? bar.of.release.checksum : bar.checksum));
  if (!any)
    throw new VisorError(
      'usage',
      checksum === null ? 'Nothing is quarantined' : `${checksum} is not quarantined`,
      'Nothing was changed.',
    );
  return { type: 'forgiven', checksum };
}

/** Of any checksum: a person may have read it before the source names it. */
function approve(i: Instance, { checksum, withdraw }: Extract<Act, { act: 'approve' }>): PersonEvent {
  if (!withdraw) return { type: 'approved', checksum };
  if (!i.said.approved.includes(checksum))
    throw new VisorError('usage', `${checksum} is not approved`, 'Nothing was changed.');
  return { type: 'disapproved', checksum };
}

function pin(
  i: Instance,
  { checksum, uri, forever }: Extract<Act, { act: 'pin' }>,
  policy: Policy,
  isHeld: (checksum: Checksum) => boolean,
): PersonEvent {
  if (uri !== null && !/^(https?|file):\/\/[^/]*\/./.test(uri)) {
    throw new VisorError(
      'usage',
      `${uri} is no address that bytes can be had from`,
      'Nothing was changed. Give an https:// URL, or file:/// and an absolute path.',
    );
  }
  const known = knownReleases(i).find((release) => release.checksum === checksum);
  if (known === undefined && uri === null && !isHeld(checksum)) {
    throw new VisorError(
      'usage',
      `Nobody says where the bytes of ${checksum} are: they are neither in the store nor named by the source`,
      'Nothing was changed. Say it with --uri URI.',
    );
  }
  const terms = known?.terms;
  const release: Release = {
    checksum,
    uri: uri ?? known?.uri ?? null,
    version: known?.version ?? null,
    ...(terms && { terms }),
  };
  const listed = policy.forbids(release);
  if (listed !== null)
    throw new VisorError(
      'usage',
      `${checksum} is a release ${listed}`,
      'Nothing was changed. Change gates.allow or gates.deny in the args file first.',
    );
  if (!isRenderable(release, i.config.settings)) {
    throw new VisorError(
      'usage',
      `The arguments use {version}, and the version of ${checksum} is not known`,
      'Nothing was changed. Write the version into args, or publish the release with its version.',
    );
  }
  return { type: 'pinned', release, forever };
}

function knownReleases(i: Instance): readonly Release[] {
  const deployments = [
    occupant(i.slot),
    i.next?.deployment ?? null,
    ...i.formers.map((f) => f.deployment),
    ...i.bars.map((bar) => (bar.by === 'failure' ? bar.of : bar.deployment)),
  ];
  return [i.chain.named, i.chain.pending, ...deployments.map((d) => d?.release ?? null)].filter(
    (release) => release !== null,
  );
}

/** What `check` says would happen next, in words. */
export function forecast(i: Instance, policy: Policy): string {
  const { next } = i;
  const { named } = i.chain;
  if (next?.at === 'fetching')
    return `${describe(next.deployment.release)} would be fetched, verified and laid out; then it would take over`;
  if (next?.at === 'staged') return `${describe(next.deployment.release)} is staged and would take over`;
  if (named === null) return 'nothing: no release is named';
  if (!isRenderable(named, i.config.settings))
    return 'nothing: the arguments use {version}, and the named release has none';
  const unfitting = i.said.pinned === null ? unfit(i, named, policy) : null;
  if (unfitting !== null) return `nothing yet: ${describe(named)} waits, since ${unfitting}`;
  if (withSettings(i, named).some((d) => isBarred(i, d))) return `nothing: ${describe(named)} is quarantined`;
  return 'nothing: what is named runs';
}

const describe = ({ version, checksum }: Release) => `${version ?? 'release'} (${checksum.slice(0, 10)}…)`;
