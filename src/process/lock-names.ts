import { hash } from 'node:crypto';
import { join } from 'node:path';

/** What makes two clients the same one. What they are called in a file is no part of it: a client that is renamed is the same. */
export interface Identified {
  /** The chain's genesis, or the network's name where no chain is read. */
  readonly scope: string;
  /** Text of the operator's, or the content of a key file: a copy of the file excludes its original. */
  readonly identity: string;
}

/** The name of a client's lock, and the value of its marks: 64 hex digits, the same in every home of this machine. */
export function lockName({ scope, identity }: Identified): string {
  return hash('sha256', JSON.stringify(['client', scope, identity]), 'hex');
}

/** The name of a lock that clients of different networks share (a Bitcoin wallet: its RPC address and key name). */
export function exclusiveName(text: string): string {
  return hash('sha256', JSON.stringify(['exclusive', text]), 'hex');
}

/** The lock that a client inherits, by the name of the client or of what it uses alone. */
export const lockPath = (folder: string, name: string): string => join(folder, `${name}.lock`);

/** The lock of the daemon that manages the client. */
export const ownerPath = (folder: string, name: string): string => join(folder, `${name}.owner`);
