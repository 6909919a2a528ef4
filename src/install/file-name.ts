import type { Deployment } from '../core/deployment.ts';

/** What else lies in a deployment's folder; a program may not take these names. */
export const argsFile = 'args.json';
export const recordFile = 'deployment.json';
/** The folder of its config files. */
export const filesFolder = 'files';

/**
 * The name under which a deployment's program lies on disk and runs: the last segment of the uri's path (of an archive:
 * the member's), if it is made of `[A-Za-z0-9._-]`, at most 64; else the client's key, else `client`.
 *
 * It matters: the kernel makes `comm` from its first 15 characters, and vaults look for a process of the same `comm`
 * in their own guard against running twice (interbtc-clients, `runner` and `vault::process`).
 */
export function programName(deployment: Deployment, clientKey: string): string {
  const { member, release } = deployment;
  const named = member === null ? lastSegment(pathOf(release.uri ?? '')) : lastSegment(member);
  return [named, clientKey].find(isProgramName) ?? 'client';
}

/** Whether this may be the name of a program in a deployment's folder. */
export function isProgramName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(name) && ![argsFile, recordFile, filesFolder].includes(name);
}

const lastSegment = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function pathOf(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).pathname : '';
}
