import { resolve } from 'node:path';
import { startAgent } from '../../agent/agent.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import type { Context } from '../context.ts';
import { outliveBugs } from '../outlive-bugs.ts';
import { stopAsked } from '../stop-asked.ts';
import { ownVersion } from '../version.ts';

interface Options {
  readonly socket: string;
  readonly locks?: string;
}

/** Runs until it is told to stop; then the client leaves first, with its grace. stdout has the client's own lines, stderr ours. */
export async function agent(_words: string[], { socket, locks }: Options, { openLog }: Context): Promise<number> {
  const log = await openLog('info');
  outliveBugs(log);
  // who reads the client's lines may have gone: that is no end of the client
  process.stdout.removeAllListeners('error').on('error', () => {});
  const said = locks ?? (process.env['VAULTVISOR_LOCKS'] || null);
  const running = await startAgent({
    socket: resolve(socket),
    locks: said === null ? null : resolve(said),
    version: ownVersion(),
    log,
    // a disk that keeps it over a power cut is of no use: neither child nor lock is there then
    save: (path, text) => writeAtomic(path, text, { mode: 0o600, durable: false }),
    passOn: (bytes) => void process.stdout.write(Uint8Array.from(bytes)),
  });
  const signal = await stopAsked();
  log.info({ signal }, 'the client is asked to leave, with its grace');
  await running.stop();
  log.info({}, 'the client has left; the agent ends');
  return 0;
}
