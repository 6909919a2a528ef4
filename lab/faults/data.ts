import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Data of a client that has none of its own, and migrations of them that are their own detectors. */
export interface Data {
  readonly dir: string;
  /** What the table should be when the present story is over. */
  form(): string;
  /** What migrations found that they may not find, in their words. */
  found(): readonly string[];
  /** A migration for a manifest. `fails`: it says no when it has done half of it. `programs`: whoever executes one below is a client. */
  writeMigration(programs: string, ending: 'succeeds' | 'fails'): object;
}

/** Beside the args file's own folder, which the daemon watches. */
export function makeData(folder: string): Data {
  const root = `${folder}.data`;
  const [dir, notes] = [join(root, 'db'), join(root, 'found')];
  let forms = 0;
  let written = 0;
  const form = () => `form ${String(forms).padStart(4, '0')}`;
  mkdirSync(join(dir, 'tables'), { recursive: true });
  writeFileSync(join(dir, 'tables', 'one'), `${form()} ${'payment '.repeat(20_000)}`);
  writeFileSync(join(dir, 'CURRENT'), 'tables/one\n');
  return {
    dir,
    form,
    found: () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').filter(Boolean) : []),
    writeMigration(programs, ending) {
      written += 1;
      if (ending === 'succeeds') forms += 1;
      const path = join(root, `migrate-${written}`);
      const text = script({ notes, programs, number: written, form: form(), ending });
      writeFileSync(path, text);
      return { kind: 'data', checksum: createHash('sha256').update(text).digest('hex'), uri: `file://${path}` };
    },
  };
}

interface Script {
  readonly notes: string;
  readonly programs: string;
  readonly number: number;
  readonly form: string;
  readonly ending: 'succeeds' | 'fails';
}

/** Writes in place, and takes long enough to be died upon. */
const script = ({ notes, programs, number, form, ending }: Script): string => `#!/bin/sh
say() { echo "migration ${number} $1" >> '${notes}'; }
look() { ls -l /proc/[0-9]*/exe 2>/dev/null | grep -q ' -> ${programs}/' && say 'found a client that was up'; }
if [ -e begun ]; then say 'found data with which another had begun'; exit 9; fi
: > begun
look
printf 'form ????' | dd of=tables/one conv=notrunc status=none
: > tables/two
sleep 0.1
${ending === 'fails' ? "echo 'no such column'; exit 3" : ''}
printf '${form}' | dd of=tables/one conv=notrunc status=none
look
rm begun tables/two
`;
