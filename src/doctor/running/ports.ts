import { askedOf } from '../../config/checks/asked.ts';
import { addressesOf, isLocal, socketsFor } from '../../probe/listener/address.ts';
import { allProcesses, familyOf, socketsOf } from '../../probe/listener/processes.ts';
import { type ListeningSocket, listeningSockets } from '../../probe/listener/sockets.ts';
import { type Complaint, check, verdict } from '../check.ts';
import { nameOf, type Patient } from '../patient.ts';

/** Somebody on whom a port of this machine is counted. */
interface Wish {
  /** `null`: vaultvisor itself (`http.listen`). */
  readonly client: string | null;
  readonly host: string;
  readonly port: number;
  /** Whose listener it should be; `null`: nothing of it runs. */
  readonly pid: number | null;
}

interface Seen extends Wish {
  /** Who listens there instead; `null`: nobody does, or the right one. */
  readonly other: string | null;
}

/** Who comes second to a port does not come up, or its probes are answered by the first. Two of one file are refused with the file. */
export const ports = check(
  'port-clash',
  async (patient) => {
    const sockets = await listeningSockets();
    return Promise.all(
      wishesOf(patient).map(async (wish): Promise<Seen> => ({ ...wish, other: await otherAt(wish, sockets) })),
    );
  },
  (seen) => verdict(taken(seen), 'Nobody is in the way of a port.'),
);

function wishesOf({ config, daemon, clients, instances }: Patient): readonly Wish[] {
  const http = config?.http ?? null;
  const own = http === null || http.port === 0 ? [] : [{ ...http, client: null, pid: daemon?.pid ?? null }];
  const pidOf = (name: string) => instances.find((one) => `${one.network}/${one.client}` === name)?.child?.pid ?? null;
  const theirs = clients.flatMap((client) =>
    askedOf(client).map(({ address }) => ({ ...address, client: nameOf(client), pid: pidOf(nameOf(client)) })),
  );
  const all = [...own, ...theirs];
  return [...new Map(all.map((wish) => [`${wish.client} ${wish.host} ${wish.port}`, wish])).values()];
}

/** Of several addresses (`localhost`) each counts: whoever is asked first answers. */
async function otherAt({ host, port, pid }: Wish, sockets: readonly ListeningSocket[]): Promise<string | null> {
  const addresses = (await addressesOf(host).catch(() => [])).filter((one) => isLocal(one) || one === '0.0.0.0');
  const inodes = new Set(addresses.flatMap((address) => socketsFor(address, port, sockets)).map(({ inode }) => inode));
  if (inodes.size === 0) return null;
  const all = allProcesses();
  const family = new Set(pid === null ? [] : familyOf(pid, all));
  const holders = all.filter((one) => [...inodes].some((inode) => socketsOf(one.pid)?.has(inode)));
  if (holders.some((one) => family.has(one.pid))) return null;
  const [first] = holders;
  return first === undefined ? 'a process that we may not look into' : `pid ${first.pid} (${first.name})`;
}

function taken(seen: readonly Seen[]): readonly Complaint[] {
  return seen.flatMap(({ client, host, port, other }): Complaint[] => {
    if (other === null) return [];
    const at = `${host}:${port}`;
    const sentence =
      client === null
        ? `${at}, where vaultvisor is to listen (http.listen), is taken by ${other}.`
        : `${at}, where its probes ask, is listened on by ${other} and not by it.`;
    const fix = `End that one (ss -ltnp 'sport = :${port}' shows it), or take another port.`;
    return [{ severity: client === null ? 'warning' : 'error', about: client, sentence, fix }];
  });
}
