import type { Material } from './material.ts';

/** Shorter ones are found in every other word. */
const shortest = 4;

/**
 * What of the material a program may repeat in its complaints and nobody should read in a log: every value of a variable, what a flag is
 * given, and what stands behind a `=` or `:` in a config file. The longest first, so that none is left over in part.
 */
export function secretsOf({ args, env, files }: Material): readonly string[] {
  const given = args.filter((arg) => !arg.startsWith('-'));
  const assigned = args.flatMap((arg) => /^-[^=]*=(.+)$/s.exec(arg)?.[1] ?? []);
  const written = Object.values(files).flatMap((text) => text.split('\n').flatMap(valuesIn));
  const all = [...given, ...assigned, ...Object.values(env), ...written].flatMap((text) => [text, ...text.split('\n')]);
  return [...new Set(all)].filter((text) => text.length >= shortest).sort((a, b) => b.length - a.length);
}

/** The whole of what is behind the sign, and without the quotes and commas around it. */
function valuesIn(line: string): readonly string[] {
  const value = /^[^=:]*[=:]\s*(.+?)\s*$/.exec(line)?.[1];
  return value === undefined ? [] : [value, value.replace(/^["']|["'],?$|,$/g, '')];
}
