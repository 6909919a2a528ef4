import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loopsOf, system, unmountAll } from './mounts.ts';

export type FileSystem = 'ext4' | 'tmpfs' | 'btrfs';

/** A small file system of the lab's own. Whoever makes one calls `unmountAll` of its folder at the end, come what may. */
export interface Disk {
  /** Where it is mounted. */
  readonly at: string;
  /** The file below it; of a tmpfs there is none. */
  readonly image: string;
  /** Mounts it, with options of mount(8). A journal is replayed by that. */
  mount(options?: string): void;
  /**
   * Resolves when the file system is really gone: a mount namespace that was made meanwhile, of a container or a service, has a copy of the mount.
   * @throws Error while anybody works there, or holds it for a minute
   */
  unmount(): Promise<void>;
  /** What fsck finds wrong while it is unmounted; `null`: nothing. */
  faults(): string | null;
  /** New files cannot be opened for writing from now on; those that are open stay so. */
  readOnly(): void;
  writable(): void;
}

const PATIENCE = 60_000;

export interface DiskRequest {
  readonly at: string;
  readonly image: string;
  readonly kind: FileSystem;
  readonly bytes: number;
  /** How many files it may have (ext4); 4,096. */
  readonly inodes?: number;
}

/** Makes the file system and leaves it unmounted. */
export function makeDisk({ at, image, kind, bytes, inodes }: DiskRequest): Disk {
  mkdirSync(at, { recursive: true });
  format(kind, image, bytes, inodes);
  const mount = (options = ''): void => {
    if (kind === 'tmpfs') system('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'lab', at);
    else system('mount', '-o', ['loop', options].filter(Boolean).join(','), image, at);
  };
  return {
    at,
    image,
    mount,
    async unmount() {
      system('umount', at);
      for (const end = performance.now() + PATIENCE; loopsOf(image).length > 0; await sleep(5))
        if (performance.now() > end) throw new Error(`${at} is still mounted elsewhere`);
    },
    faults: () => (kind === 'ext4' ? fsck(image) : null),
    // a second mount over the first: a true remount is refused while the client has its log open
    readOnly() {
      const beside = `${at}.read-only`;
      mkdirSync(beside, { recursive: true });
      system('mount', '--bind', at, beside);
      system('mount', '-o', 'remount,bind,ro', beside);
      system('mount', '--move', beside, at);
    },
    writable: () => void system('umount', '-l', at),
  };
}

/** Why this machine has no such file system; `null`: it has. `lacks`: a package could help, or nothing could. */
export async function noDisk(
  kind: FileSystem,
): Promise<{ readonly lacks: 'package' | 'kernel'; readonly words: string } | null> {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-lab-trial-'));
  const at = join(folder, 'disk');
  try {
    const disk = makeDisk({ at, image: `${at}.image`, kind, bytes: kind === 'btrfs' ? 160 * 2 ** 20 : 16 * 2 ** 20 });
    disk.mount();
    await disk.unmount();
    return null;
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    return { lacks: words.includes('is missing') ? 'package' : 'kernel', words: `no ${kind} of its own: ${words}` };
  } finally {
    unmountAll(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function format(kind: FileSystem, image: string, bytes: number, inodes = 4_096): void {
  if (kind === 'tmpfs') return;
  writeFileSync(image, '');
  truncateSync(image, bytes);
  // no block is kept for root: the lab is root, and a full disk is to be full
  if (kind === 'ext4')
    system(
      'mkfs.ext4',
      '-q',
      '-F',
      '-m',
      '0',
      '-N',
      `${inodes}`,
      '-E',
      'lazy_itable_init=0,lazy_journal_init=0',
      image,
    );
  else system('mkfs.btrfs', '-q', '-f', image);
}

function fsck(image: string): string | null {
  try {
    system('e2fsck', '-fn', image);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
