import { mountsBelow } from '../support/disk/mounts.ts';
import { outcome } from './command.ts';

/** Takes the names of whatever an engine left mounted below its folder, though somebody may still use it. Never fails: what cannot be unmounted stays. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const at of mountsBelow(folder)) await outcome('umount', '-l', at);
}
