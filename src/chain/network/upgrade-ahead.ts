import type { SpecVersion } from '../../core/release.ts';
import { isObject } from '../session/frame.ts';
import { METHOD_NOT_FOUND, NodeRefused } from '../session/requests.ts';
import type { Session } from '../session/session.ts';
import type { Values } from '../source.ts';
import { blake256 } from '../values/blake2.ts';
import { authorizedCode, codeKey, pendingCodeKey, upgradeRestricted } from '../values/runtime.ts';

/** What was known of upgrades at the reading before. `spent`: an authorisation whose code is already in force. */
export interface UpgradeWatch {
  readonly ahead: boolean;
  readonly spent: string | null;
}

/**
 * Whether a runtime upgrade is announced and not yet in force at a block: its code is authorised, or waits for the relay chain's
 * word, or lies in the state and has not run yet. Costs nothing while nothing hints at one; `before`: `null` at the start of a session.
 */
export async function watchUpgrade(
  session: Session,
  hash: string,
  values: Values,
  specVersion: SpecVersion,
  before: UpgradeWatch | null,
): Promise<UpgradeWatch> {
  const authorized = authorizedCode(values);
  const isOpen = authorized !== null && authorized !== before?.spent;
  if (before !== null && !before.ahead && !isOpen && !upgradeRestricted(values)) return before;
  const [inForce, size, runtime] = await Promise.all([
    isOpen ? codeInForce(session, hash) : null,
    ifServed(session.send('state_getStorageSize', [pendingCodeKey, hash])),
    ifServed(session.send('state_getRuntimeVersion', [hash])),
  ]);
  const spent = isOpen && authorized !== inForce ? (before?.spent ?? null) : authorized;
  const next = isObject(runtime) ? runtime['specVersion'] : null;
  const isNewer = typeof next === 'number' && specVersion !== null && next > specVersion;
  return { ahead: authorized !== spent || (typeof size === 'number' && size > 0) || isNewer, spent };
}

/** Hash of the runtime in the state of a block. Nodes serve it by itself; where one does not, the code is fetched and hashed here. */
async function codeInForce(session: Session, hash: string): Promise<string | null> {
  const served = await ifServed(session.send('state_getStorageHash', [codeKey, hash]));
  if (typeof served === 'string') return served.toLowerCase();
  const code = await session.send('state_getStorage', [codeKey, hash]);
  if (typeof code !== 'string') return null;
  return blake256(Buffer.from(code.slice(2), 'hex'));
}

/** Not every node serves these, and no decision about bytes rests on them. */
async function ifServed(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NodeRefused && error.code === METHOD_NOT_FOUND) return null;
    throw error;
  }
}
