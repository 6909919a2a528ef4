import type { Scenario } from '../host.ts';
import { outOfMemory } from '../out-of-memory.ts';
import { fresh, unless, wrongEnd } from '../right-end.ts';
import { agents } from './agents.ts';
import { fromFile } from './from-file.ts';
import type { DockerHost } from './host.ts';
import { neighbours } from './neighbours.ts';
import { sharedNamespace } from './shared-namespace.ts';
import { wrapped } from './wrapped.ts';

export type Running = Omit<DockerHost, 'scenarios'>;

export function dockerScenarios(host: Running): readonly Scenario[] {
  const { stage, container } = host;
  const sameMain = async () => {
    const before = await container.state('StartedAt');
    return async () => (await container.state('StartedAt')) === before;
  };
  return [
    ...outOfMemory(stage, sameMain),
    shortPatience(host),
    health(host),
    ...fromFile(host),
    ...neighbours(host),
    ...sharedNamespace(host),
    ...wrapped(host),
    ...agents(host),
  ];
}

/** What Docker does after its ten seconds, here after one. */
function shortPatience({ stage, container }: Running): Scenario {
  const run = async (): Promise<readonly string[]> => {
    await fresh(stage);
    const seen = stage.journal().length;
    await stage.behave('deaf');
    await new Promise((resolve) => setTimeout(resolve, 100)); // it looks every ten of its ticks
    await container.docker('stop', '-t', '1');
    const [code, left] = [await container.state('ExitCode'), stage.clients().length];
    await stage.behave(null);
    await container.docker('start');
    const served = await fresh(stage);
    return [
      ...unless(code === '137', `the container ended with ${code}, and was to be killed`),
      ...unless(left === 0, `${left} clients outlived the container`),
      ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
    ];
  };
  return { words: 'docker stop with a time below the grace: the container is killed whole', run };
}

function health({ stage, container }: Running): Scenario {
  const run = async (): Promise<readonly string[]> => {
    await fresh(stage);
    const { code, text } = await container.exec('vaultvisor', 'status');
    const check = await container.exec('sh', '-c', 'vaultvisor status || exit 1');
    const first = await container.exec('cat', '/proc/1/comm');
    return [
      ...unless(code === 0, `vaultvisor status ended with ${code}: ${text}`),
      ...unless(check.code === 0, `the health check ended with ${check.code}: ${check.text}`),
      ...unless(first.text === 'tini', `the first process is ${first.text}`),
    ];
  };
  return { words: 'status and health check in the container, with tini as the first process', run };
}
