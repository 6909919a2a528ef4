/** What every command gets beside its own words. */
export interface Context {
  /** Path of the args file. */
  readonly file: string;
  /** One line, or several, for stdout. */
  say(text: string): void;
  /** The same for stderr: what a person should know, and what `--json` must not mix with. */
  remark(text: string): void;
}

const USUAL_FILE = '/etc/vaultvisor/args.json';

export function createContext(config: string | undefined): Context {
  return {
    file: config ?? (process.env['VAULTVISOR_CONFIG'] || USUAL_FILE),
    say: (text) => void process.stdout.write(`${text}\n`),
    remark: (text) => void process.stderr.write(`${text}\n`),
  };
}
