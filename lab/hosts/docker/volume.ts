import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../command.ts';
import type { Engine } from './engine.ts';

/** A volume as `docker volume create` makes it. @returns where it lies outside */
export async function makeVolume({ docker }: Engine, folder: string, name: string): Promise<string> {
  const home = join(folder, `${name}-home`);
  await docker('volume', 'create', name);
  await symlink(await docker('volume', 'inspect', '-f', '{{.Mountpoint}}', name), home);
  return home;
}

/** In memory, so that it is soon full; mounted by us, so that what is on it outlives the engine. */
export async function makeSmallVolume({ docker }: Engine, folder: string, name: string): Promise<string> {
  const home = join(folder, `${name}-home`);
  await mkdir(home);
  await command('mount', '-t', 'tmpfs', '-o', 'size=96m,uid=10001,gid=10001,mode=0700', 'tmpfs', home);
  const options = ['type=none', 'o=bind', `device=${home}`].flatMap((one) => ['--opt', one]);
  await docker('volume', 'create', ...options, name);
  return home;
}
