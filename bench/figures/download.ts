import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clock } from '../client/journal.ts';
import type { Figure } from '../figure.ts';
import { median } from '../statistics.ts';

const BYTES = 200_000_000;
const ROUNDS = 8;
const PIPELINE = 'curl -s "$1" | tee "$2" | openssl dgst -sha256; sync "$2"';

/** A buffer of the whole file would be 200; its pieces, the hash and the collector's leisure are not. */
const FLAT = 50;

export const download: Figure = {
  name: 'download',
  title:
    'Download, verification and durable file of 200 MB, against `curl -s URL | tee FILE | openssl dgst -sha256; sync FILE`',
  async measure(scene) {
    const server = fork(script('serve-file.mjs'), [`${BYTES}`], { execArgv: [] });
    scene.owns(() => server.connected && server.disconnect());
    const [{ url, checksum }] = (await once(server, 'message')) as [{ url: string; checksum: string }];
    const ours: number[] = [];
    const grown: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const store = join(scene.folder, 'downloaded');
      const told = await once(fork(script('download-once.mjs'), [store, checksum, url], { execArgv: [] }), 'message');
      const [{ took, grown: bytes }] = told as [{ took: number; grown: number }];
      ours.push(took);
      grown.push(bytes / 1e6);
      await rm(store, { recursive: true });
      const file = join(scene.folder, 'piped');
      beside.push(await pipeline(url, file, checksum));
      await rm(file);
    }
    return {
      series: [
        { what: 'vaultvisor', unit: 'ms', values: ours },
        { what: 'curl | tee | openssl; sync', unit: 'ms', values: beside },
        { what: 'growth of the process to its peak', unit: 'MB', values: grown },
      ],
      goals: [
        { what: 'ratio of medians', value: median(ours) / median(beside), limit: 1.15, unit: '×' },
        { what: 'growth of the process, median', value: median(grown), limit: FLAT, unit: 'MB' },
      ],
      notes: [
        'Alternating; the server is a process of its own on 127.0.0.1. Ours: from call to return in a new Node process.',
      ],
    };
  },
};

async function pipeline(url: string, file: string, checksum: string): Promise<number> {
  const began = clock();
  const shell = spawn('sh', ['-c', PIPELINE, 'sh', url, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  shell.stdout.on('data', (text: Buffer) => (told += text));
  await once(shell, 'exit');
  const took = clock() - began;
  if (!told.includes(checksum.slice(2))) throw new Error(`curl, tee, openssl and sync are needed; they said: ${told}`);
  return took;
}

const script = (name: string): string => fileURLToPath(new URL(`../beside/${name}`, import.meta.url));
