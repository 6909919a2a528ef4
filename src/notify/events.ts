import type { Notice } from '../core/notices/notice.ts';
import type { Condition, Severity } from './message.ts';

/** What an event of the history says to people. */
export interface Meaning {
  /** Of a message of its own; `null`: none. What raises a condition has the condition's. */
  readonly tells: Severity | null;
  readonly raises?: Condition;
  readonly ends?: readonly Condition[];
  /** Reads on after the client's name. */
  readonly summary: string;
}

const silent: Meaning = { tells: null, summary: '' };
const ends = (...over: readonly Condition[]): Meaning => ({ ...silent, ends: over });
const info = (summary: string, ...over: readonly Condition[]): Meaning => ({ tells: 'info', summary, ends: over });
const warning = (summary: string): Meaning => ({ tells: 'warning', summary });
const raises = (condition: Condition, summary: string): Meaning => ({ tells: null, raises: condition, summary });

type Rule = Meaning | ((notice: Notice) => Meaning);

/** Every event that the history can hold (docs/messages.md has the same table; tests hold both). */
const rules: Readonly<Record<string, Rule>> = {
  announced: ({ downgrade }) =>
    downgrade ? warning('its source names an older release') : info('its source names another release'),
  pending: info('a release is pending for the next runtime'),
  withdrawn: info('its source names no release any more'),
  waits: info('what its source names cannot come yet'),
  decoded: silent,
  runtime: info('the chain has another runtime'),
  fetched: ends('fetch'),
  fetchFailed: raises('fetch', 'a release cannot be had'),
  stopped: silent,
  started: silent,
  restarted: silent,
  exited: ({ final }) =>
    final === true
      ? raises('down', 'it ended and is not started again by itself')
      : raises('exits', 'it ended by itself'),
  committed: info('a release is committed', 'release', 'fetch', 'failing'),
  healthy: ends('unhealthy', 'exits', 'failing', 'environment', 'down'),
  failed: ({ wayBack }) =>
    wayBack === false ? raises('failing', 'its release fails, and there is no way back') : silent,
  quarantined: raises('release', 'a release failed and is quarantined'),
  rolledBack: ({ by }) =>
    by === 'lost bytes'
      ? warning('its program was lost; the former release is back')
      : info('the former release is back'),
  recalled: info('a release is recalled; the former one is back'),
  unhealthy: raises('unhealthy', 'it is not healthy'),
  migrating: silent,
  migrated: info('its data are migrated'),
  migrationFailed: warning('its data could not be migrated and are put back'),
  restored: info('its data are back as they were', 'restore'),
  restoreFailed: raises('restore', 'its data cannot be put back'),
  approved: info('a person approved a release'),
  disapproved: info('a person took an approval back'),
  spoiled: warning('its program was missing or damaged'),
  alarm: ({ about }) =>
    about === 'environment' ? raises('environment', 'what was committed fails too') : warning(aboutWords(about)),
  gateWaits: info('an update waits'),
  gateOverridden: info('an update goes in spite of a gate'),
  orphan: ({ action }) =>
    action === 'refused'
      ? raises('orphan', 'a process of it was left and is waited for')
      : warning('vaultvisor had died and left a process of it'),
  guardPassed: info('its account was quiet: it may start on this machine', 'copy'),
  guardRefused: raises('copy', 'another copy of it signs with its account; it is not started'),
  guardSkipped: { ...warning('a person had it started without the guard'), ends: ['copy'] },
  signedElsewhere: raises('copy', 'its account signed while it was down: another copy of it runs'),
  redeemEndangered: raises('redeem', 'a payment is due within hours and nothing healthy serves'),
  redeemSafe: ends('redeem'),
  stranger: ({ action }) => {
    if (action === 'left') return ends('stranger');
    const who = 'a client of its account runs that vaultvisor did not start';
    return action === 'found' ? raises('stranger', who) : warning(`${who}; it is ignored`);
  },
  configured: info('the args file says something else of it'),
  asked: ({ to }) => info(`a person asked: ${typeof to === 'string' ? to : 'something'}`),
  held: info('a person held its updates'),
  resumed: info('its updates are no longer held'),
  pinned: info('a person pinned a release'),
  unpinned: info('it follows its source again'),
  forgiven: info('a quarantined release is let in again', 'release'),
};

/** An event of a newer version says nothing. */
export function meaningOf(notice: Notice): Meaning {
  const rule = rules[notice.event];
  if (rule === undefined) return silent;
  return typeof rule === 'function' ? rule(notice) : rule;
}

export const knownEvents: readonly string[] = Object.keys(rules);

function aboutWords(about: unknown): string {
  switch (about) {
    case 'locks':
      return 'somebody removed the file of its lock; it was taken again';
    case 'fleetLock':
      return 'its slot at the FleetLock server needs a look';
    case 'drain':
      return 'its drain needs a look';
  }
  return 'something needs a look';
}
