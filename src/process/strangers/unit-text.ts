import { basename } from 'node:path';
import { shells } from './programs.ts';
import { simpleCommands } from './shell-words.ts';

/** A service as `systemctl show` tells it. */
export interface UnitText {
  readonly name: string;
  readonly active: string;
  readonly enabled: string;
  readonly root: string;
  readonly cwd: string;
  /** Its command lines, with its `Environment=` filled in. */
  readonly lines: readonly (readonly string[])[];
}

/** Reads `systemctl show` of several units: blocks of `Key=value`, a blank line between them. */
export function parseUnits(text: string): readonly UnitText[] {
  const blocks = text.split(/\n\s*\n/).map(parseBlock);
  const units = blocks.filter(({ name }) => name !== '');
  return [...new Map(units.map((unit) => [unit.name, unit])).values()];
}

function parseBlock(block: string): UnitText {
  const fields = block
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  const first = (key: string): string => fields.find(([name]) => name === key)?.[1] ?? '';
  const variables = environmentIn(first('Environment'));
  return {
    name: first('Id'),
    active: first('ActiveState'),
    enabled: first('UnitFileState'),
    root: first('RootDirectory') || '/',
    // `!/var/lib/x`: may be missing
    cwd: first('WorkingDirectory').replace(/^!/, '') || '/',
    lines: fields.filter(([name]) => name === 'ExecStart').map(([, value]) => lineIn(value, variables)),
  };
}

/** `{ path=/usr/bin/vault ; argv[]=/usr/bin/vault --keyfile k ; ignore_errors=no ; … }`: the words' own quotes are lost, but for blanks in them nothing is. */
function lineIn(value: string, variables: ReadonlyMap<string, string>): readonly string[] {
  const text = /argv\[\]=(.*?) ; ignore_errors=/.exec(value)?.[1] ?? '';
  const filled = text.replaceAll(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced, bare) => variables.get(braced ?? bare) ?? whole,
  );
  const words = filled.split(' ').filter((word) => word !== '');
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const isShell = shells.has(basename(words[0] ?? ''));
  return isShell && at > 0 ? [...words.slice(0, at + 1), words.slice(at + 1).join(' ')] : words;
}

/** `A=1 "B=2 3"`. */
const environmentIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    (simpleCommands(text)[0] ?? []).flatMap((word) => {
      const at = word.indexOf('=');
      return at > 0 ? [[word.slice(0, at), word.slice(at + 1)] as const] : [];
    }),
  );
