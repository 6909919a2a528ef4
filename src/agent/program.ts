import { sep } from 'node:path';
import { VisorError } from '../errors.ts';
import { inspectProgram } from '../install/format.ts';
import { checkFits, thisHost } from '../install/host.ts';
import { hashProgram } from '../install/program-file.ts';
import { homeAt } from '../layout.ts';
import type { Laid } from './protocol.ts';

/**
 * Hashes the program once more, in the container that will run it, and sees that it was made for this one.
 * @throws VisorError `config` where it is not where the daemon has it, or cannot start here, `io` where its bytes are others
 */
export async function proveProgram(laid: Laid, signal: AbortSignal): Promise<void> {
  const { program, sha256, network, client, home, deployment } = laid;
  const { root } = homeAt(home).instance(network, client).deployment(deployment);
  if (!program.startsWith(root + sep))
    throw new VisorError('protocol', `${program} does not lie in ${root}`, 'Nothing is run. Report this.');
  const hashed = await hashProgram(program, signal);
  if (hashed === null)
    throw new VisorError(
      'config',
      `The agent finds no program at ${program}`,
      'Mount the same volume at the same path in both containers, without noexec, readable for the user of the agent.',
    );
  if (hashed.sha256 !== sha256)
    throw new VisorError(
      'io',
      `${program} has the SHA-256 ${hashed.sha256}, and was ${sha256} when it was proved`,
      'It is not run. Both containers must have the same volume at this path; look at its disk, and at who may write to it.',
    );
  const misfit = checkFits(await inspectProgram(program), thisHost());
  if (misfit !== null) throw misfit;
}
