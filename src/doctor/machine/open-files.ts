import { readFile } from 'node:fs/promises';
import { type Complaint, check, verdict } from '../check.ts';
import type { Patient } from '../patient.ts';

interface Seen {
  readonly limit: number;
  readonly clients: number;
}

/** Node, its sockets and pipes; then what one client takes of ours (its log, its locks, its probes), with room for an update of each. */
const [OWN, EACH] = [128, 32];

/** A client inherits the limit, and one with a database of its own keeps a file open for each of its tables. */
const COMFORTABLE = 4_096;

/** How many files the daemon, and so each client, may have open. */
export const openFiles = check(
  'open-files',
  async ({ daemon, config }: Patient): Promise<Seen> => ({
    limit: await limitOf(daemon?.pid ?? 'self'),
    clients: config?.networks.flatMap(({ clients }) => clients).length ?? 0,
  }),
  (seen) => verdict(complaintsOf(seen), `${seen.limit} files may be open.`),
);

export function complaintsOf({ limit, clients }: Seen): readonly Complaint[] {
  const needed = OWN + EACH * clients;
  const fix =
    'Raise it: LimitNOFILE=65536 in the unit, --ulimit nofile=65536 of the container, ulimit -n before a start by hand.';
  if (limit < needed) {
    const sentence = `Only ${limit} files may be open; vaultvisor and ${clients} clients need ${needed}.`;
    return [{ severity: 'error', about: null, sentence, fix }];
  }
  const sentence = `Only ${limit} files may be open: enough for vaultvisor, but each client has the same limit, and one with a database soon needs more.`;
  return limit < COMFORTABLE ? [{ severity: 'warning', about: null, sentence, fix }] : [];
}

/** The upper one: Node raises its own to it. */
async function limitOf(pid: number | 'self'): Promise<number> {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(await readFile(`/proc/${pid}/limits`, 'utf8')) ?? [];
  return hard === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(hard);
}
