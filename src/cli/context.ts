import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { printableJson } from '../errors.ts';
import type { Log } from '../log.ts';
import { shown } from './outlet.ts';
import { hasColours } from './print/paint.ts';

/** What every command gets beside its own words. */
export interface Context {
  /** Path of the args file. */
  readonly file: string;
  /** One line, or several, for stdout; what a stranger wrote in it is escaped. */
  say(text: string): void;
  /** The answer of `--json`, for stdout: on one line, unless `indent` says how many spaces. */
  json(value: unknown, indent?: number): void;
  /** As `say` for stderr: what a person should know, and what `--json` must not mix with. */
  remark(text: string): void;
  /** Our own log, on stderr, as `--log-level` and `--log-format` say; `usual`: the level without them. */
  openLog(usual: string): Promise<Log>;
}

/** What may be said with every command. */
export interface GlobalOptions {
  readonly config?: string;
  readonly logLevel?: string;
  readonly logFormat?: 'pretty' | 'json';
}

const USUAL_FILE = '/etc/vaultvisor/args.json';

/** What `vaultvisor wrap` wrote, in a container that has no file of its own: its health check and a person ask without naming it. */
function usualFile(): string {
  const wrapped = join(process.env['VAULTVISOR_HOME'] || '/var/lib/vaultvisor', 'wrap.json');
  return !existsSync(USUAL_FILE) && existsSync(wrapped) ? wrapped : USUAL_FILE;
}

export function createContext({ config, logLevel, logFormat }: GlobalOptions): Context {
  const { stdout, stderr } = process;
  return {
    file: config ?? (process.env['VAULTVISOR_CONFIG'] || usualFile()),
    say: (text) => void stdout.write(`${shown(text, hasColours(stdout))}\n`),
    json: (value, indent) => void stdout.write(`${printableJson(value, indent)}\n`),
    remark: (text) => void stderr.write(`${shown(text, hasColours(stderr))}\n`),
    async openLog(usual) {
      const { createLog } = await import('../log.ts');
      const pretty = logFormat === undefined ? stderr.isTTY === true : logFormat === 'pretty';
      return createLog({ level: logLevel ?? usual, pretty });
    },
  };
}
