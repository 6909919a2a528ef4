import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sentenceOf } from '../errors.ts';
import { originalAddress, type Permits } from './transfer/addresses.ts';
import { createAgents } from './transfer/agents.ts';
import { ask } from './transfer/ask.ts';
import { defaultLimits } from './transfer/limits.ts';

/**
 * Whether a download from there could begin: asks for the first byte, as a download would, redirects and certificates included.
 * @returns what is wrong, in words; `null`: nothing
 * @throws the signal's reason
 */
export async function obstacleTo(uri: string, permits: Permits, signal: AbortSignal): Promise<string | null> {
  const agents = createAgents(defaultLimits);
  try {
    const url = originalAddress(uri, permits);
    if (url.protocol === 'file:') {
      await access(fileURLToPath(url), constants.R_OK);
      return null;
    }
    const asking = { agents, limits: defaultLimits, permits, headers: { range: 'bytes=0-0' } };
    const { status, body } = await ask(url, asking, signal);
    body.destroy();
    return status === 200 || status === 206 ? null : `it answers with HTTP ${status}`;
  } catch (error) {
    signal.throwIfAborted();
    return sentenceOf(error);
  } finally {
    await agents.close();
  }
}
