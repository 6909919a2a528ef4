import { textAt } from '../../support/journal.ts';
import type { Scenario } from '../host.ts';
import { fresh, unless } from '../right-end.ts';
import type { Container } from './container.ts';
import type { Running } from './scenarios.ts';
import { daemonOutOfMemory, fullVolume } from './trouble.ts';

/** What `wrapped` and `agents` do to their forms, done to a container with an args file: docs/containers.md, "Docker". */
export function fromFile(host: Running): readonly Scenario[] {
  let container: Promise<Container> | null = null;
  const begun = () => (container ??= begin(host));
  return [
    {
      words: 'vaultvisor is out of memory',
      run: async () => daemonOutOfMemory(host.engine, await begun()),
    },
    {
      words: 'the volume is full while the args file is edited: the client goes on, over kill -9 and docker restart',
      run: async () => {
        const one = await begun();
        const found = await editedOnFullVolume(one);
        await host.engine.docker('rm', '-f', '-v', one.name);
        return found;
      },
    },
  ];
}

async function begin({ another }: Running): Promise<Container> {
  const container = await another('lab-file', { small: true });
  await container.stage.write();
  await container.run();
  await fresh(container.stage);
  return container;
}

const EDITED = 'edited-on-a-full-volume';

/** What is edited meanwhile is no sooner in force than it can be saved, and is then. */
const editedOnFullVolume = (container: Container): Promise<readonly string[]> =>
  fullVolume(container, async () => {
    const { stage } = container;
    const isEdited = () => stage.clients().some((pid) => textAt(`/proc/${pid}/cmdline`).includes(EDITED));
    await stage.write({ args: ['--witness', '.', '--', EDITED] });
    return () => unless(isEdited(), 'the edit never came into force');
  });
