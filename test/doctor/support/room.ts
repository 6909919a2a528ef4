import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { system, unmountAll } from '../../../lab/support/disk/mounts.ts';
import { createContext } from '../../../src/cli/context.ts';
import { patientOf } from '../../../src/cli/doctor/patient.ts';
import { groups } from '../../../src/doctor/catalogue.ts';
import { examineOnly, type Finding } from '../../../src/doctor/examine.ts';
import { type Home, homeAt } from '../../../src/layout.ts';

/** A folder with an args file, its home and its locks; gone when the test is over. */
export interface Room {
  readonly folder: string;
  readonly file: string;
  readonly home: Home;
  /** Writes the args file: a client `kintsugi/vault` with these settings, and these keys beside `networks`. */
  args(client?: object, network?: object, top?: object): Promise<void>;
  /** A file with all folders above it. */
  put(path: string, text: string | Buffer, mode?: number): Promise<string>;
  /** Where programs are looked for, until the test is over. */
  path(value: string): void;
  /** Mounts something at the home, or where it is said; gone with the room. */
  mount(words: readonly string[], at?: string): void;
  /** What one check finds. */
  ask(id: string, options?: { readonly fix?: boolean }): Promise<readonly Finding[]>;
}

export function makeRoom(): Room {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'vaultvisor-doctor-'));
  const before = { ...process.env };
  onTestFinished(() => {
    process.env = before;
    unmountAll(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  process.env['VAULTVISOR_LOCKS'] = join(folder, 'locks');
  const home = homeAt(join(folder, 'home'));
  mkdirSync(home.root, { mode: 0o700 });
  const file = join(folder, 'args.json');
  const room: Room = {
    folder,
    file,
    home,
    async args(client = {}, network = {}, top = {}) {
      const release = { source: 'manifest', url: `file://${folder}/manifest.json` };
      const clients = { vault: { release, identity: folder, ...client } };
      await writeFile(join(folder, 'manifest.json'), '{}');
      await writeFile(
        file,
        JSON.stringify({ home: home.root, networks: { kintsugi: { clients, ...network } }, ...top }),
      );
    },
    async put(path, text, mode = 0o600) {
      const full = join(folder, path);
      await mkdir(dirname(full), { recursive: true, mode: 0o700 });
      writeFileSync(full, text, { mode });
      return full;
    },
    path(value) {
      process.env['PATH'] = value;
    },
    mount(words, at = home.root) {
      system('mount', ...words, at);
    },
    ask: (id, options) => ask(file, [id], options),
  };
  return room;
}

/** What these checks find of an args file. */
export async function ask(
  file: string,
  ids: readonly string[],
  { fix = false }: { readonly fix?: boolean } = {},
): Promise<readonly Finding[]> {
  const checks = groups.flatMap((group) => group.checks.filter(({ id }) => ids.includes(id)));
  if (checks.length !== ids.length) throw new Error(`not all of these are checks: ${ids.join(', ')}`);
  const patient = await patientOf(undefined, createContext({ config: file }));
  return examineOnly([{ name: 'asked', checks }], patient, { fix, signal: AbortSignal.timeout(60_000) });
}

/** Why nothing can be mounted here; `null`: it can. */
export function noMounts(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-doctor-trial-'));
  try {
    system('mount', '-t', 'tmpfs', '-o', 'size=1m', 'doctor', folder);
    system('umount', folder);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
