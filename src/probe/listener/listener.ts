import { sentenceOf } from '../../errors.ts';
import { hostAndPort, quoted } from '../reasons.ts';
import { addressesOf, isLocal, socketsFor } from './address.ts';
import { allProcesses, familyOf, socketsOf } from './processes.ts';
import { type ListeningSocket, listeningSockets } from './sockets.ts';

/** Whether our child's process tree listens there. `address`: the one to connect to; `why`: whose it is instead, in words. */
export type Listener =
  | { readonly isOurs: true; readonly address: string }
  | { readonly isOurs: false; readonly why: string };

/**
 * Two clients on one machine may want one port, and the second one's probe would be answered by the first: so only an
 * address on which the child `pid` or one of its family listens counts. Of several addresses (`localhost`) the first such.
 */
export async function listenerOf(host: string, port: number, pid: number): Promise<Listener> {
  const shown = hostAndPort(host, port);
  try {
    const [addresses, sockets] = await Promise.all([addressesOf(host), listeningSockets()]);
    const answers = addresses.map((address) => listenerAt(address, socketsFor(address, port, sockets), pid, shown));
    return answers.find((one) => one.isOurs) ?? worst(answers) ?? { isOurs: false, why: `${shown} is no address` };
  } catch (thrown) {
    return { isOurs: false, why: `${shown}: who listens there cannot be found: ${sentenceOf(thrown)}` };
  }
}

/** Who sits on the port says more than that another of its addresses is free. */
function worst(answers: readonly Listener[]): Listener | undefined {
  return answers.find((one) => !one.isOurs && !one.why.startsWith('nothing')) ?? answers[0];
}

function listenerAt(address: string, sockets: readonly ListeningSocket[], pid: number, shown: string): Listener {
  if (!isLocal(address)) return { isOurs: false, why: `${shown} is not on this machine` };
  const inodes = sockets.map(({ inode }) => inode);
  if (inodes.length === 0) return { isOurs: false, why: `nothing listens on ${shown}` };
  const open = socketsOf(pid);
  if (open !== null && inodes.every((inode) => open.has(inode))) return { isOurs: true, address };
  return amongFamily(inodes, pid, { address, shown });
}

function amongFamily(
  inodes: readonly string[],
  pid: number,
  { address, shown }: { address: string; shown: string },
): Listener {
  const all = allProcesses();
  const family = familyOf(pid, all).map(socketsOf);
  const foreign = inodes.find((inode) => !family.some((open) => open?.has(inode)));
  if (foreign === undefined) return { isOurs: true, address };
  const owner = all.find((one) => socketsOf(one.pid)?.has(foreign));
  if (owner !== undefined) {
    return {
      isOurs: false,
      why: `${shown} is not listened on by our child but by pid ${owner.pid} (${quoted(owner.name)})`,
    };
  }
  const isHidden = family.includes(null);
  return {
    isOurs: false,
    why: isHidden
      ? `${shown}: the descriptors of our child may not be read (another user's)`
      : `${shown} is listened on by a process that we may not look into`,
  };
}
