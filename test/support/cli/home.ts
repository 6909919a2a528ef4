import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.ts';

// what is installed: test/support/build-once.ts has built it
const main = resolve(import.meta.dirname, '../../../dist/cli/main.js');

/** A folder with an args file and its home; removed by `remove`. */
export interface Scratch {
  readonly folder: string;
  readonly home: string;
  readonly file: string;
  write(name: string, text: string): Promise<string>;
  /** Publishes a release of a client by its manifest; answers its checksum. */
  publish(client: string, version: string, program: string): Promise<string>;
  /** Writes the args file: these clients, each from its manifest. */
  configure(clients: Readonly<Record<string, object>>, top?: object): Promise<void>;
  /** Does a command line in this process; it cannot see what the machine's operator has configured. */
  run(...words: string[]): Promise<Ran>;
  /** The same in a process of its own. */
  spawn(...words: string[]): Promise<Ran>;
  remove(): Promise<void>;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function scratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'vv-cli-'));
  const home = join(folder, 'home');
  const file = join(folder, 'args.json');
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o755 });
    return join(folder, name);
  };
  return {
    folder,
    home,
    file,
    write,
    async publish(client, version, program) {
      const path = await write(`${client}-${version}`, program);
      const checksum = `0x${createHash('sha256')
        .update(await readFile(path))
        .digest('hex')}`;
      await write(`${client}.json`, JSON.stringify({ version, uri: `file://${path}`, checksum }));
      return checksum;
    },
    async configure(clients, top = {}) {
      const entries = Object.entries(clients).map(([name, settings]) => [
        name,
        { release: { source: 'manifest', url: `file://${folder}/${name}.json`, interval: '100ms' }, ...settings },
      ]);
      const networks = { testnet: { clients: Object.fromEntries(entries) } };
      await writeFile(file, JSON.stringify({ home, lockDir: join(folder, 'locks'), networks, ...top }));
    },
    run: (...words) => inProcess(words, environment(folder)),
    spawn: (...words) => runMain(words, environment(folder)),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

export const environment = (folder: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: folder,
  VAULTVISOR_LOCKS: join(folder, 'locks'),
});

/** A process costs a third of a second, so most command lines are done here. */
export async function inProcess(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const before = process.env;
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text;
      return true;
    }),
  );
  process.env = env;
  try {
    const code = await commandLine(words);
    return { code, ...written };
  } finally {
    process.env = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** As a process of its own. */
export function runMain(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((done) => {
    execFile(process.execPath, [main, ...words], { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    );
  });
}
