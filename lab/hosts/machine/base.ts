import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { command, lacking } from '../command.ts';

/** What takes long to get and is the same each time lies here: the base system, and the container engine's images. */
export const cache = process.env['VAULTVISOR_LAB_CACHE'] ?? join(homedir(), '.cache/vaultvisor-lab');

/** What both hosts need: systemd for the one, tini for the other, libstdc++ for Node. */
const PACKAGES = 'systemd,systemd-sysv,dbus,libstdc++6,procps,ca-certificates,tini';

/** A small system of this machine's own distribution, so that its Node and what its compiler makes run there. @returns the path of its tar */
export async function baseSystem(say: (line: string) => void): Promise<string> {
  const suite = await codename();
  const tar = join(cache, `${suite}.tar`);
  if (existsSync(tar)) return tar;
  say(`a base system of ${suite} is made once, in ${tar}`);
  await mkdir(cache, { recursive: true });
  const making = join(cache, `making-${process.pid}-${suite}.tar`);
  await command('mmdebstrap', '--quiet', '--variant=minbase', `--include=${PACKAGES}`, suite, making);
  await rename(making, tar);
  return tar;
}

export async function noBaseSystem(): Promise<string | null> {
  const suite = await codename();
  if (suite === '') return 'no Debian or Ubuntu: the base system is made by mmdebstrap';
  return existsSync(join(cache, `${suite}.tar`)) ? null : lacking('mmdebstrap');
}

async function codename(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(?:_LIKE)?="?.*\bdebian\b/m.test(text) ? (/^VERSION_CODENAME="?(\w+)/m.exec(text)?.[1] ?? '') : '';
}
