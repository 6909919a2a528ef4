import type { ClientFile } from '../schema.ts';
import type { Said } from './preset.ts';

/** The operator's words about one client, as its command line will read them. */
export function saidOf({ args = [], env = {}, cwd = '{data}' }: ClientFile): Said {
  const inArgs = (flag: string) => args.flatMap((arg, index) => valueAt(arg, args[index + 1], flag)).at(-1);
  return {
    cwd,
    has: (flag) => args.some((arg) => arg === flag || arg.startsWith(`${flag}=`)),
    value: (flag, variable) => inArgs(flag) ?? (variable === undefined ? undefined : env[variable]) ?? null,
  };
}

function valueAt(arg: string, next: string | undefined, flag: string): readonly string[] {
  if (arg.startsWith(`${flag}=`)) return [arg.slice(flag.length + 1)];
  return arg === flag && next !== undefined ? [next] : [];
}
