import type { Act } from '../host.ts';
import { unless } from '../right-end.ts';
import { kill as sendKill } from '../signal.ts';
import type { Container } from './container.ts';
import type { Engine } from './engine.ts';

/** What may happen to one container. */
export function actsOn(container: Container): readonly Act[] {
  const { docker } = container;
  /** The engine may have begun to restart it before it was told to start it. */
  const start = async (): Promise<void> => void (await docker('start'));
  const stopped = async (): Promise<readonly string[]> => {
    const code = await container.state('ExitCode');
    return unless(code === '0', `the container ended with ${code}`);
  };
  const kill = async (who: 'init' | 'shim' | 'vaultvisor'): Promise<readonly string[]> => {
    sendKill((await container.pids())[who]);
    return [];
  };
  return [
    { words: 'kill -9 of vaultvisor in the container', asks: false, act: () => kill('vaultvisor') },
    { words: 'kill -9 of tini, the first process', asks: false, act: () => kill('init') },
    { words: 'kill -9 of the engine’s shim', asks: false, act: () => kill('shim') },
    {
      words: 'docker kill, and start',
      asks: false,
      act: async () => {
        await docker('kill');
        await start();
        return [];
      },
    },
    {
      words: 'docker restart',
      asks: true,
      act: async () => {
        await docker('restart');
        return [];
      },
    },
    {
      words: 'docker stop, and start',
      asks: true,
      act: async () => {
        await docker('stop');
        const words = await stopped();
        await start();
        return words;
      },
    },
  ];
}

/** What happens to every container of it. */
export function actsOnMachine(engine: Engine): readonly Act[] {
  return [
    {
      words: 'restart of dockerd (live-restore off)',
      asks: true,
      act: async () => {
        await engine.stop();
        await engine.start();
        return [];
      },
    },
    {
      words: 'power cut of the machine',
      asks: false,
      act: async () => {
        await engine.cutPower();
        await engine.start();
        return [];
      },
    },
  ];
}
