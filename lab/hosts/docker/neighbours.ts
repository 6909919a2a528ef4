import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { overlapsIn, readJournal } from '../../support/journal.ts';
import type { Scenario } from '../host.ts';
import { fresh, unless } from '../right-end.ts';
import type { Container } from './container.ts';
import type { Running } from './scenarios.ts';

/** Containers of one machine that are told to run one account. */
export function neighbours(host: Running): readonly Scenario[] {
  return [oneVolume(host), sharedLocks(host)];
}

/** The second one on the same volume finds the home taken. */
function oneVolume({ container, engine, stage }: Running): Scenario {
  const run = async (): Promise<readonly string[]> => {
    const served = await fresh(stage);
    const lines = stage.journal().length;
    const { code, text } = await container.runBeside('lab-second');
    await engine.docker('rm', '-f', 'lab-second');
    return [
      ...unless(code === 75, `the second container ended with ${code}: ${text}`),
      ...unless(
        /another vaultvisor works in .* on the host or container /.test(text),
        `the second container said ${text}`,
      ),
      ...unless(stage.journal().length === lines, 'the first container’s client was disturbed'),
      ...unless((await stage.status())?.current?.checksum === served.checksum, 'the first container serves no more'),
    ];
  };
  return { words: 'a second container on the same volume', run };
}

/** As a sidecar: each with a home of its own, and one more volume for the locks alone. */
function sharedLocks({ another, engine, folder }: Running): Scenario {
  const run = async (): Promise<readonly string[]> => {
    const witness = join(folder, 'witness');
    await mkdir(witness, { recursive: true });
    await chmod(witness, 0o777);
    const [left, right] = [await another('lab-left', { witness }), await another('lab-right', { witness })];
    const wrong: string[] = [];
    try {
      await begin(left, witness);
      await fresh(left.stage);
      await begin(right, witness);
      await right.stage.name(right.stage.build());
      for (let [one, other, n] = [left, right, 0]; n < 4; [one, other, n] = [other, one, n + 1]) {
        wrong.push(...(await handOver(one, other, n % 2 === 0 ? 'kill' : 'stop')));
      }
    } finally {
      await engine.docker('rm', '-f', '-v', left.name, right.name);
      await engine.docker('volume', 'rm', 'lab-locks');
    }
    return [...wrong, ...overlapsIn(readJournal(witness))];
  };
  return { words: 'two containers with a volume each that share the folder of the locks', run };
}

async function begin(container: Container, witness: string): Promise<void> {
  await container.stage.write({ args: ['--witness', '/witness'] }, { lockDir: '/run/lock/vaultvisor' });
  await container.run('--restart', 'no', '-v', 'lab-locks:/run/lock/vaultvisor', '-v', `${witness}:/witness`);
}

/** While the one serves the other waits and says for whom; when the one has ended, the other serves. */
async function handOver(one: Container, other: Container, how: 'kill' | 'stop'): Promise<readonly string[]> {
  const { blocked } = await other.stage.until(
    `${other.name} waits`,
    ({ blocked, child }) => blocked !== null && child === null,
  );
  const status = await other.exec('vaultvisor', 'status');
  await one.docker(how);
  await other.stage.until(`${other.name} serves`, ({ child, verdict }) => child !== null && verdict === 'healthy');
  await one.docker('start');
  return [
    ...unless(
      /another vaultvisor manages this client.*: pid \d+ on the host or container /.test(blocked ?? ''),
      `${other.name} waits for: ${blocked}`,
    ),
    ...unless(status.code === 3, `status of who waits ended with ${status.code}`),
  ];
}
