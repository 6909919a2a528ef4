import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clock } from '../client/journal.ts';
import type { Figure } from '../figure.ts';
import type { Scene } from '../scene.ts';
import { median } from '../statistics.ts';

const LARGE = 200_000_000;
const SMALL = LARGE / 10;
const ROUNDS = 16;
const PIPELINE = 'curl -s "$1" | tee "$2" | openssl dgst -sha256; sync "$2"';

/** Flat: ten times the bytes take no more memory than this beyond. A buffer of the whole file would be 180. */
const FLAT = 20;

export const download: Figure = {
  name: 'download',
  title:
    'Download, verification and durable file of 200 MB, against `curl -s URL | tee FILE | openssl dgst -sha256; sync FILE`',
  async measure(scene) {
    const [large, small] = [await serve(LARGE, scene), await serve(SMALL, scene)];
    const ours: number[] = [];
    const grown: number[] = [];
    const grownBySmall: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const downloads = async () => {
        const { took, grown: by } = await downloadOnce(large, scene);
        ours.push(took);
        grown.push(by);
      };
      const pipes = async () => beside.push(await pipeline(large, scene));
      // who comes second would pay for what the first one's removed file still costs the disk
      for (const turn of round % 2 === 0 ? [downloads, pipes] : [pipes, downloads]) {
        await settleDisk();
        await turn();
      }
      grownBySmall.push((await downloadOnce(small, scene)).grown);
    }
    return {
      series: [
        { what: 'vaultvisor', unit: 'ms', values: ours },
        { what: 'curl | tee | openssl; sync', unit: 'ms', values: beside },
        { what: 'growth of the process to its peak, 200 MB', unit: 'MB', values: grown },
        { what: 'growth of the process to its peak, 20 MB', unit: 'MB', values: grownBySmall },
      ],
      goals: [
        { what: 'ratio of medians', value: median(ours) / median(beside), limit: 1.15, unit: '×' },
        {
          what: 'memory for ten times the bytes',
          value: median(grown) - median(grownBySmall),
          limit: FLAT,
          unit: 'MB',
        },
      ],
      notes: [
        'Alternating, each first in every other round, the disk synced before each; the server is a process of its own on 127.0.0.1. Ours: from call to return, each in a new Node process.',
      ],
    };
  },
};

async function settleDisk(): Promise<void> {
  await once(spawn('sync'), 'exit');
}

interface Hosted {
  readonly url: string;
  readonly checksum: string;
}

async function serve(bytes: number, scene: Scene): Promise<Hosted> {
  const server = fork(script('serve-file.mjs'), [`${bytes}`], { execArgv: [] });
  scene.owns(() => server.connected && server.disconnect());
  const [hosted] = (await once(server, 'message')) as [Hosted];
  return hosted;
}

/** Milliseconds, and MB of memory beyond those at the call. */
async function downloadOnce({ url, checksum }: Hosted, scene: Scene): Promise<{ took: number; grown: number }> {
  const store = join(scene.folder, 'downloaded');
  const process = fork(script('download-once.mjs'), [store, checksum, url], { execArgv: [] });
  const [told] = (await once(process, 'message')) as [{ took: number; grown: number }];
  await rm(store, { recursive: true });
  return { took: told.took, grown: told.grown / 1e6 };
}

async function pipeline({ url, checksum }: Hosted, scene: Scene): Promise<number> {
  const file = join(scene.folder, 'piped');
  const began = clock();
  const shell = spawn('sh', ['-c', PIPELINE, 'sh', url, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  shell.stdout.on('data', (text: Buffer) => (told += text));
  await once(shell, 'exit');
  const took = clock() - began;
  if (!told.includes(checksum.slice(2))) throw new Error(`curl, tee, openssl and sync are needed; they said: ${told}`);
  await rm(file);
  return took;
}

const script = (name: string): string => fileURLToPath(new URL(`../beside/${name}`, import.meta.url));
