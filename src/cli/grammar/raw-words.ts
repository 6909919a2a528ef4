import type { Command } from 'commander';

/**
 * The words behind a command as they were given. Another program's command line is read by its own rules: what ours makes of flags and of `--` would be
 * something else.
 */
export function rawWordsBehind(command: Command): readonly string[] {
  const { rawArgs = [] } = command.parent as Command & { readonly rawArgs?: readonly string[] };
  return rawArgs.slice(rawArgs.indexOf(command.name()) + 1);
}
