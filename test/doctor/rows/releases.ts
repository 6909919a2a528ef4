import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { deploymentOf } from '../../../src/core/deployment.ts';
import { layOut, pointCurrent } from '../../../src/install/deployment-dir.ts';
import { stage } from '../../../src/store/stage.ts';
import { lyingServer, status, whole } from '../../support/lying-server.ts';
import { tinyElf } from '../../support/tiny-elf.ts';
import type { Room } from '../support/room.ts';
import type { Row } from '../support/row.ts';

const never = new AbortController().signal;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Lays a program out as the daemon does, and points `current` to it. */
async function commit(room: Room, bytes: Buffer): Promise<string> {
  await room.args();
  const blob = await room.put('blob', bytes, 0o555);
  const folder = room.home.instance('kintsugi', 'vault');
  const release = { checksum: `0x${sha256(bytes)}` as const, uri: 'https://example.org/vault', version: '1.0.0' };
  const deployment = deploymentOf(release, { args: [], env: {}, cwd: '/', member: null });
  const refuse = () => Promise.reject(new Error('nothing of the kind'));
  const laid = await layOut({ folder, deployment, clientKey: 'vault', blob, extract: refuse, material: refuse }, never);
  await pointCurrent(folder, laid.id);
  return laid.program;
}

async function staged(room: Room, bytes: Buffer): Promise<string> {
  await room.args();
  const file = await room.put('release', bytes);
  const request = { uri: `file://${file}`, checksum: null, maxBytes: 1e6, allowInsecure: false };
  const { checksum } = await stage(room.home.store, request, never);
  return join(room.home.store.verified, checksum.slice(2));
}

function spoil(path: string): void {
  chmodSync(path, 0o700);
  writeFileSync(path, 'something else');
}

const script = Buffer.from('#!/bin/sh\nexit 0\n');
const newer = tinyElf({ versions: [{ name: 'GLIBC_9.99' }] });

async function manifestFrom(room: Room, answer: Parameters<typeof lyingServer>[0][string]): Promise<void> {
  const server = await lyingServer({ '/manifest.json': answer });
  onTestFinished(() => server.close());
  await room.args({ release: { source: 'manifest', url: server.url('/manifest.json') } }, {}, { allowInsecure: true });
}

export const releaseRows: readonly Row[] = [
  {
    id: 'store-checksums',
    what: 'a file that changed on the disk',
    state: 'warning',
    says: /no longer what its name says/,
    scene: async (room) => spoil(await staged(room, script)),
  },
  {
    id: 'store-checksums',
    what: 'a sound store',
    state: 'well',
    says: /All 1 files/,
    scene: (room) => staged(room, script),
  },
  {
    id: 'program-checksums',
    what: 'a committed program that somebody changed',
    state: 'error',
    says: /is not what was proved/,
    scene: async (room) => spoil(await commit(room, script)),
  },
  {
    id: 'program-checksums',
    what: 'a committed program as it was laid out',
    state: 'well',
    says: /is what was proved/,
    scene: (room) => commit(room, script),
  },
  {
    id: 'program-fits',
    what: 'a committed program for a newer glibc',
    state: 'error',
    says: /needs glibc 9\.99, this machine has/,
    scene: (room) => commit(room, newer),
  },
  {
    id: 'program-fits',
    what: 'a staged program for another machine',
    state: 'warning',
    says: /The program is for arm64/,
    scene: (room) => staged(room, tinyElf({ machine: 183 })),
  },
  {
    id: 'program-fits',
    what: 'a program of this machine',
    state: 'well',
    says: /can start here/,
    scene: (room) => commit(room, readFileSync('/bin/sh')),
  },
  {
    id: 'urls',
    what: 'a server without the manifest',
    state: 'error',
    says: /cannot be fetched: it answers with HTTP 404/,
    scene: (room) => manifestFrom(room, status(404)),
  },
  {
    id: 'urls',
    what: 'a server that is down',
    state: 'error',
    says: /ECONNREFUSED/,
    scene: (room) =>
      room.args(
        { release: { source: 'manifest', url: 'http://127.0.0.1:1/manifest.json' } },
        {},
        { allowInsecure: true },
      ),
  },
  {
    id: 'urls',
    what: 'a server that answers',
    state: 'well',
    says: /answers/,
    scene: (room) => manifestFrom(room, whole(Buffer.from('{}'))),
  },
];
