import { readdir } from 'node:fs/promises';
import type { ClientConfig } from '../../config/settings.ts';
import { born } from '../../core/born.ts';
import { toApply } from '../../core/deployment.ts';
import type { Instance } from '../../core/instance.ts';
import type { RedeemStatus } from '../../core/instance-status.ts';
import { occupant } from '../../core/occupancy.ts';
import type { Release } from '../../core/release.ts';
import { transition } from '../../core/transition.ts';
import { forecast } from '../../daemon/control/acts.ts';
import { policyOf } from '../../daemon/instance/policy.ts';
import { lookOnly, settingsNow } from '../../daemon/instance/settings.ts';
import { sentenceOf } from '../../errors.ts';
import { nothingKept } from '../../gate/record.ts';
import type { Home, InstanceFolder } from '../../layout.ts';
import { silentLog } from '../../log.ts';
import { openBlobs } from '../../store/blobs.ts';
import { loadGates } from '../../store/state-gates.ts';
import { loadState } from '../../store/state-record.ts';
import { redeemOnDisk } from '../disk/redeem.ts';
import { explain } from './explain.ts';
import { gatesAhead } from './gates.ts';
import type { Reading, Said } from './sources.ts';

/** What `check` tells of one client. */
export interface Expectation {
  readonly network: string;
  readonly client: string;
  readonly source: {
    readonly current: Release | null;
    readonly pending: Release | null;
    readonly specVersion: number | null;
    readonly block: { readonly number: number; readonly hash: string } | null;
    readonly trouble: string | null;
  };
  /** What has the slot, by the state on disk. */
  readonly runs: (Release & { readonly deployment: string; readonly phase: 'running' | 'probation' }) | null;
  /** What it said last of its next payment; `null`: nothing is known. */
  readonly redeem: RedeemStatus | null;
  /** Why it is this release, in words; `null`: its source or its state cannot be read. */
  readonly because: string | null;
  /** What would happen, in words. */
  readonly would: string;
  /** What has to come, or be said, before it happens; empty: nothing. */
  readonly bring: readonly string[];
}

/** Lets the rules decide over the state on disk with what the sources say now. Nothing is written. */
export async function expectation({ config, said }: Reading, home: Home): Promise<Expectation> {
  const { network, client } = config;
  const folder = home.instance(network, client);
  const { announcement, trouble } = said;
  const source = {
    current: announcement?.current ?? null,
    pending: announcement?.pending ?? null,
    specVersion: announcement?.specVersion ?? null,
    block: announcement?.block ? { number: announcement.block.number, hash: announcement.block.hash } : null,
    trouble,
  };
  // whether it is up is not asked here: `status` says whether the hours are critical
  const redeem = await redeemOnDisk(config, folder, true);
  try {
    const loaded = await loadState(folder);
    const now = loaded.found === 'state' ? loaded.instance : born(config.settings, null);
    return { network, client, source, runs: runsNow(now), redeem, ...(await wordsFor(now, config, said, home)) };
  } catch (error) {
    const would = `nothing: ${sentenceOf(error)}`;
    return { network, client, source, runs: null, redeem, because: null, would, bring: [] };
  }
}

function runsNow({ slot }: Instance): Expectation['runs'] {
  const deployment = occupant(slot);
  if (deployment === null) return null;
  return { ...deployment.release, deployment: deployment.id, phase: slot.at === 'running' ? 'running' : 'probation' };
}

type Words = Pick<Expectation, 'because' | 'would' | 'bring'>;

async function wordsFor(now: Instance, config: ClientConfig, { announcement }: Said, home: Home): Promise<Words> {
  const folder = home.instance(config.network, config.client);
  if (now.slot.at === 'empty' && config.initial !== null && Object.keys(now.proven).length === 0)
    return {
      because: 'the args file names it as the first one (start.initial)',
      would: `${config.initial} would be started first (start.initial)`,
      bring: [],
    };
  const policy = policyOf(config);
  const moment = { now: Date.now(), chance: 0 };
  const ready = await laidOut(folder);
  const before = now.slot.at === 'empty' ? null : now.config.settings;
  const settings = await settingsNow(config, before, lookOnly, silentLog);
  const edited = transition(now, { type: 'configured', settings, initial: now.config.initial }, policy, moment);
  if (announcement === null)
    return { because: null, would: `${forecast(edited, policy)}; its source cannot be read`, bring: [] };
  const { block, ...levels } = announcement;
  const heard = { type: 'announced', ...levels, block: block?.number ?? null, ready } as const;
  const after = transition(edited, heard, policy, moment);
  const head = block && { specVersion: levels.specVersion, block: block.number };
  const record = (await loadGates(folder.gatesRecord).catch(() => null)) ?? nothingKept;
  const staging = await stagingAhead(after, config, home);
  const gates = gatesAhead(after, config, policy, { head, record, now: moment.now });
  const { because, bring } = explain(after, config, policy, moment.now);
  return {
    because: after.chain.named === null && after.said.pinned === null ? null : because,
    would: `${forecast(after, policy)}${staging}${gates}`,
    bring,
  };
}

/** Where nothing is downloaded somebody has to bring it first. */
async function stagingAhead({ next }: Instance, { download }: ClientConfig, { store }: Home): Promise<string> {
  if (next?.at !== 'fetching' || download.fetch !== 'never') return '';
  const wanted = [next.deployment.release, ...toApply(next.deployment)];
  const held = await Promise.all(wanted.map(({ checksum }) => openBlobs(store).has(checksum)));
  const missing = wanted.filter((_, index) => !held[index]).map(({ checksum }) => checksum);
  return missing.length === 0 ? '' : `; to be staged first, since "download.fetch" is "never": ${missing.join(', ')}`;
}

const laidOut = async ({ deployments }: InstanceFolder): Promise<readonly string[]> =>
  (await readdir(deployments).catch(() => [])).filter((name) => /^[0-9a-f]{64}$/.test(name));
