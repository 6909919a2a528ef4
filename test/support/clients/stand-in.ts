import { hash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PresetName } from '../../../src/config/presets/names.ts';
import type { World } from '../world.ts';

/** What a stand-in is told while it runs; see `stand-in.mjs`. */
export interface Behaviour {
  /** Open redeems, and the hours until the first of them is due. */
  readonly open?: number;
  readonly hours?: number | string;
  /** The whole page, in place of its own; and its status. */
  readonly page?: string;
  readonly status?: number;
  /** It has started, and has not asked its chain yet: every gauge is 0. */
  readonly unpolled?: boolean;
  /** It stays before this line. */
  readonly before?: string;
  /** It restarts so often inside its process. */
  readonly restart?: number;
  /** It leaves with this error. */
  readonly fail?: string;
  /** All of this of one version alone. */
  readonly only?: string;
}

const body = fileURLToPath(new URL('./stand-in.mjs', import.meta.url));

export interface StandIn {
  readonly version: string;
  readonly checksum: string;
  /** Path of the program. */
  readonly program: string;
}

/** The bytes of a stand-in: a program in a few lines, run by node itself and not by env, since a process has the name of its file. */
export function buildStandIn(
  client: PresetName,
  version: string,
): { version: string; bytes: Buffer; checksum: string } {
  const code = `#!${process.execPath}\nglobalThis.standIn = ${JSON.stringify({ client, version })};\nimport(${JSON.stringify(body)});\n`;
  return { version, bytes: Buffer.from(code), checksum: `0x${hash('sha256', code, 'hex')}` };
}

/** Names a release of a stand-in for an instance; its program has the name that the real one has, since vaults compare it. */
export async function nameStandIn(world: World, place: string, client: PresetName, version: string): Promise<StandIn> {
  const { bytes, checksum } = buildStandIn(client, version);
  const folder = join(world.folder, `${client}-${version}`);
  const program = join(folder, client.split('-')[1] ?? client);
  await mkdir(folder, { recursive: true });
  await writeFile(program, bytes, { mode: 0o755 });
  const manifest = join(world.folder, `${place.replace('/', '-')}.json`);
  await writeFile(`${manifest}.new`, JSON.stringify({ version, uri: `file://${program}`, checksum }));
  await rename(`${manifest}.new`, manifest);
  return { version, checksum, program };
}

/** Tells the client of an instance how to behave from now on. */
export async function behave(world: World, place: string, behaviour: Behaviour): Promise<void> {
  const data = join(world.home, 'instances', place, 'data');
  await mkdir(data, { recursive: true, mode: 0o700 });
  await writeFile(join(data, 'behave.json.new'), JSON.stringify(behaviour));
  await rename(join(data, 'behave.json.new'), join(data, 'behave.json'));
}

/** A port of this machine that is free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
