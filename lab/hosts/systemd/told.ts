import { statSync } from 'node:fs';
import { neededCapabilities } from '../../../src/account.ts';
import type { Scenario } from '../host.ts';
import { fresh, unless, wrongEnd } from '../right-end.ts';
import type { SystemdHost } from './host.ts';
import { under } from './under.ts';

type Told = Pick<SystemdHost, 'stage' | 'systemctl' | 'settings' | 'log'>;

/** What vaultvisor tells systemd, and what systemd makes of it. */
export const toldScenarios = (host: Told): readonly Scenario[] => [
  started(host),
  reloaded(host),
  hung(host),
  otherUser(host),
];

const shown = async ({ systemctl }: Told, property: string): Promise<string> =>
  (await systemctl('show', 'vaultvisor', '-p', property, '--value')).text;

function started(host: Told): Scenario {
  const run = async (): Promise<readonly string[]> => {
    const { code, text } = await host.systemctl('restart', 'vaultvisor');
    const state = await shown(host, 'SubState');
    await fresh(host.stage);
    const line = await until(host, 'StatusText', /^1 client, as it should be$/);
    return [
      ...unless(code === 0 && state === 'running', `restart ended with ${code} (${text}) and left it ${state}`),
      ...unless(line !== null, `the status line is “${await shown(host, 'StatusText')}”`),
    ];
  };
  return { words: 'Type=notify: a start ends when it is ready, and its status is one line of words', run };
}

function reloaded(host: Told): Scenario {
  const { stage, systemctl } = host;
  const run = async (): Promise<readonly string[]> => {
    const [before, clients] = [await shown(host, 'MainPID'), stage.clients()];
    const { code, text } = await systemctl('reload', 'vaultvisor');
    const state = await until(host, 'SubState', /^running$/);
    return [
      ...unless(code === 0, `reload ended with ${code}: ${text}`),
      ...unless(state !== null, `after it the unit is ${await shown(host, 'SubState')}`),
      ...unless(before === (await shown(host, 'MainPID')), 'another vaultvisor runs after it'),
      ...unless(String(clients) === String(stage.clients()), 'the client was started anew'),
    ];
  };
  return { words: 'systemctl reload: the same vaultvisor, the same client', run };
}

/** Seconds: a busy machine keeps a process waiting for some. */
const WATCHDOG = 20;

/** Suspended, as a process is that hangs: nothing else would notice. */
function hung(host: Told): Scenario {
  const { stage, systemctl } = host;
  const run = () =>
    under(host, `WatchdogSec=${WATCHDOG}`, async () => {
      const [seen, before] = [stage.journal().length, await shown(host, 'NRestarts')];
      const main = await shown(host, 'MainPID');
      await new Promise((resolve) => setTimeout(resolve, 1_200 * WATCHDOG));
      const kept = await shown(host, 'MainPID');
      await systemctl('kill', '--kill-who=main', '-s', 'STOP', 'vaultvisor');
      const after = await until(host, 'NRestarts', new RegExp(`^(?!${before}$)`));
      const served = await fresh(stage);
      return [
        ...unless(kept === main, 'it was ended although it was alive'),
        ...unless(after !== null, 'it was not started again'),
        ...unless(/watchdog timeout/i.test(await host.log()), 'the journal does not name the watchdog'),
        ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
      ];
    });
  return { words: 'SIGSTOP of the main process: the watchdog ends it, and it is started again', run };
}

/** With the rights that the unit of such an args file has, and no more: the daemon itself is not root. */
function otherUser(host: Told): Scenario {
  const { stage, systemctl } = host;
  const rights = neededCapabilities.map(([name]) => name).join(' ');
  const lines = `StateDirectoryMode=0711\nCapabilityBoundingSet=${rights}\nAmbientCapabilities=${rights}`;
  const run = () =>
    under(host, lines, async () => {
      await stage.write({ user: 'nobody' });
      await stage.until(
        'it runs as another user',
        ({ child, verdict }) => child !== null && verdict === 'healthy' && owners(stage.clients()).join() === '65534',
      );
      const seen = stage.journal().length;
      await systemctl('restart', 'vaultvisor');
      await fresh(stage);
      await systemctl('kill', '--kill-who=main', '-s', 'KILL', 'vaultvisor');
      const served = await fresh(stage);
      const wrong = [
        ...unless(owners(stage.clients()).join() === '65534', `clients run as ${owners(stage.clients()).join()}`),
        ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
      ];
      await stage.write();
      await stage.until(
        'it is given back',
        ({ child, verdict }) => child !== null && verdict === 'healthy' && owners(stage.clients()).join() !== '65534',
      );
      await fresh(stage);
      return wrong;
    });
  return { words: 'a client with a user of its own, below a daemon that is not root', run };
}

const owners = (pids: readonly number[]): readonly number[] => pids.map((pid) => statSync(`/proc/${pid}`).uid);

/** @returns what it is then; `null`: not within a minute */
async function until(host: Told, property: string, wanted: RegExp): Promise<string | null> {
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const value = await shown(host, property);
    if (wanted.test(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}
