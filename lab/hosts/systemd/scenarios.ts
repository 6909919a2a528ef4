import { createRandom } from '../../support/random.ts';
import type { Act, Scenario } from '../host.ts';
import { type Moment, play } from '../play.ts';
import { asked, fresh, unless, wrongEnd } from '../right-end.ts';
import { fullVolume } from './full-volume.ts';
import type { SystemdHost } from './host.ts';
import { movedScenarios } from './moved.ts';
import { memoryScenarios } from './out-of-memory.ts';
import { splitScenario } from './split.ts';
import { toldScenarios } from './told.ts';
import { under } from './under.ts';

/** The settings of docs/bare-metal.md beside the acts, and those that it warns of. */
export function systemdScenarios(host: Omit<SystemdHost, 'scenarios'>): readonly Scenario[] {
  return [
    eightRestarts(host),
    ...toldScenarios(host),
    ...memoryScenarios(host),
    fullVolume(host),
    ...movedScenarios(host),
    splitScenario(host),
    ...shortPatience(host),
    adopted(host),
    ...counterProofs(host),
  ];
}

/** systemd's own limit on starts would leave all of them down. */
function eightRestarts({ stage, systemctl }: Omit<SystemdHost, 'scenarios'>): Scenario {
  const run = async (): Promise<readonly string[]> => {
    const seen = stage.journal().length;
    const wrong: string[] = [];
    for (let n = 1; n <= 8; n++) {
      const { code, text } = await systemctl('restart', 'vaultvisor');
      wrong.push(...unless(code === 0, `restart ${n} ended with ${code}: ${text}`));
    }
    const served = await fresh(stage);
    return [...wrong, ...(await wrongEnd(stage, stage.journal().slice(seen), served))];
  };
  return { words: 'systemctl restart, eight times at once', run };
}

/** Nothing is told, as under `Type=exec`. */
const SILENT = 'Type=exec\nNotifyAccess=none\nWatchdogSec=0';

/** A client that does not leave, and a systemd that waits less long than vaultvisor does. */
function shortPatience(host: Omit<SystemdHost, 'scenarios'>): readonly Scenario[] {
  const { stage, systemctl, machine } = host;
  const stop = async (expected: string): Promise<readonly string[]> => {
    await stage.behave('deaf');
    await stage.until('the client is told', () => true);
    await new Promise((resolve) => setTimeout(resolve, 100)); // it looks every ten of its ticks
    await systemctl('stop', 'vaultvisor');
    const result = (await systemctl('show', 'vaultvisor', '-p', 'Result', '--value')).text;
    return unless(result === expected, `the stop ended as ${result}, and was to end as ${expected}`);
  };
  return [
    {
      words: 'stop with TimeoutStopSec below the grace: systemd is told to wait, and does',
      run: () =>
        under(host, 'TimeoutStopSec=1', async () => {
          const wrong = await stop('success');
          return [...wrong, ...unless(stage.clients().length === 0, 'a client was left')];
        }),
    },
    {
      words: 'the same where it is told nothing: systemd ends them all',
      run: () =>
        under(host, `TimeoutStopSec=1\n${SILENT}`, async () => {
          const wrong = await stop('timeout');
          return [...wrong, ...unless(stage.clients().length === 0, 'a client was left')];
        }),
    },
    {
      words: 'and with KillMode=process: the client is left alone',
      outlives: true,
      run: () =>
        under(host, `TimeoutStopSec=1\nKillMode=process\n${SILENT}`, async () => {
          const wrong = await stop('timeout');
          const left = stage.clients().length;
          const { code, text } = await machine.run('node', '/opt/vaultvisor/dist/cli/main.js', 'status');
          return [
            ...wrong,
            ...unless(left === 1, `${left} clients were left, so nothing was proved`),
            ...unless(code === 3 && /nobody looks after it/.test(text), `status ended with ${code}: ${text}`),
          ];
        }),
    },
  ];
}

/** What the page recommends for a vault that must not be killed with its supervisor. */
function adopted(host: Omit<SystemdHost, 'scenarios'>): Scenario {
  const { stage } = host;
  const run = async (): Promise<readonly string[]> => {
    await stage.write({ orphans: 'adopt' });
    await fresh(stage);
    const [lines, before] = [stage.journal().length, stage.clients()];
    const told = await killedAlone(host).act();
    const isAdopted = () => stage.history().some(({ event, action }) => event === 'orphan' && action === 'adopted');
    await stage.until('it is adopted', ({ child, verdict }) => isAdopted() && child !== null && verdict === 'healthy');
    const [after, said] = [stage.clients(), stage.journal().length - lines];
    await stage.write();
    return [
      ...told,
      ...unless(after.join() === before.join(), `${before} served, and now ${after}`),
      ...unless(said === 0, 'the client was disturbed'),
    ];
  };
  const words = 'KillMode=process and orphans: "adopt": kill -9 of the main process does not touch the client';
  return { words, outlives: true, run: () => under(host, 'KillMode=process', run) };
}

/** What the page warns of is so, and even then no second client is started. */
function counterProofs(host: Omit<SystemdHost, 'scenarios'>): readonly Scenario[] {
  const { stage, systemctl } = host;
  const moments: readonly Moment[] = ['while it serves', 'on probation', 'somewhere in an update'];
  return [
    {
      words: 'KillMode=control-group: a stop does not let vaultvisor ask',
      run: () =>
        under(host, 'KillMode=control-group', async () => {
          const seen = stage.journal().length;
          await systemctl('restart', 'vaultvisor');
          await fresh(stage);
          const lines = stage.journal().slice(seen);
          return unless(asked(lines).length > 0, 'the clients were asked all the same: the page says otherwise');
        }),
    },
    ...moments.map((moment, n): Scenario => {
      const run = async (): Promise<readonly string[]> => {
        const served = await fresh(stage);
        return (await play({ ...host, scenarios: [] }, killedAlone(host), moment, served, createRandom(n))).violations;
      };
      const words = `KillMode=process: kill -9 of the main process ${moment}`;
      return { words, outlives: true, run: () => under(host, 'KillMode=process', run) };
    }),
  ];
}

const killedAlone = ({ stage, systemctl }: Pick<SystemdHost, 'stage' | 'systemctl'>): Act => ({
  words: 'kill -9 of the main process',
  asks: true, // by the next vaultvisor
  act: async () => {
    const before = stage.clients();
    await systemctl('kill', '--kill-who=main', '-s', 'KILL', 'vaultvisor');
    const left = stage.clients();
    return unless(
      before.every((pid) => left.includes(pid)),
      'the client was ended too, so nothing was proved',
    );
  },
});
