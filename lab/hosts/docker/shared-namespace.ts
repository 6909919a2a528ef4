import { createRandom } from '../../support/random.ts';
import type { Act, Scenario } from '../host.ts';
import { type Moment, play } from '../play.ts';
import { fresh, unless } from '../right-end.ts';
import type { Container } from './container.ts';
import type { Running } from './scenarios.ts';

const MOMENTS: readonly Moment[] = [
  'while it serves',
  'on probation',
  'somewhere in an update',
  'somewhere in an update to a bad release',
];

/**
 * As in a pod with `shareProcessNamespace`: the first process is another container's, and does not end with vaultvisor and its tini. The engine then ends
 * what is left by the container's control group.
 */
export function sharedNamespace({ another, engine, words }: Running): readonly Scenario[] {
  const run = async (): Promise<readonly string[]> => {
    await engine.docker(
      'run',
      '-d',
      '--name',
      'lab-pause',
      '--network',
      'none',
      '--entrypoint',
      '/usr/bin/tini',
      'vaultvisor-lab',
      '--',
      'sleep',
      'infinity',
    );
    const container = await another('lab-pod');
    const wrong: string[] = [];
    try {
      await container.stage.write();
      await container.run('--pid', 'container:lab-pause');
      let served = await fresh(container.stage);
      for (const moment of MOMENTS)
        for (const act of actsOn(container)) {
          const host = {
            words: `${words}, a shared namespace of processes`,
            stage: container.stage,
            acts: [],
            scenarios: [],
            log: container.log,
            close: async () => {},
          };
          const played = await play(host, act, moment, served, createRandom(MOMENTS.indexOf(moment)));
          served = played.served;
          wrong.push(...played.violations);
        }
    } finally {
      await engine.docker('rm', '-f', '-v', container.name, 'lab-pause');
    }
    return wrong;
  };
  return [{ words: 'a namespace of processes that containers share', run }];
}

function actsOn(container: Container): readonly Act[] {
  return [
    {
      words: 'docker kill, and start',
      asks: false,
      act: async () => {
        await container.docker('kill');
        await container.docker('start');
        return [];
      },
    },
    {
      words: 'docker restart',
      asks: true,
      act: async () => {
        await container.docker('restart');
        return unless((await container.state('ExitCode')) === '0', 'it does not run');
      },
    },
  ];
}
