import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { loadCore } from '../walk/core.ts';
import { scenarios } from '../walk/scenarios/all.ts';
import { walk } from '../walk/walk.ts';
import type { Change } from './changes.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

/** The source with the error in it. Throws where the line is not there, or not only there. */
export function mutated({ what, file, from, to }: Change): string {
  const source = readFileSync(join(project, 'src/core', file), 'utf8');
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`"${what}" applies ${parts.length - 1} times to ${file}`);
  return parts.join(to);
}

/** A copy of the core with the error in it, its unit tests beside; `end` removes it. */
export function breed(change: Change): { folder: string; end: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'));
  for (const part of ['src/core', 'test/core', 'package.json', 'tsconfig.json'])
    cpSync(join(project, part), join(folder, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'src/core', change.file), mutated(change));
  return { folder, end: () => rmSync(folder, { recursive: true }) };
}

/** The first law that a walk of so many states of each scenario finds broken, and the way there; `null`: none. */
export async function noticedByWalk(folder: string, limit: number): Promise<string | null> {
  const core = await loadCore(new URL('src/core/', `${pathToFileURL(folder)}/`));
  for (const scenario of scenarios) {
    const [finding] = findings(() => walk(core, scenario, { limit, every: 16, untilBroken: true }).findings);
    if (finding) return `${finding.law}\n    ${scenario.name}: ${finding.trace.join(' · ')}`;
  }
  return null;
}

function findings(look: () => ReturnType<typeof walk>['findings']): ReturnType<typeof walk>['findings'] {
  try {
    return look();
  } catch (error) {
    return [{ law: `it throws: ${String(error)}`, trace: [], value: '' }];
  }
}

/** The unit tests that fail; `null`: none. */
export function noticedByTests(folder: string): string | null {
  const tests = readdirSync(join(folder, 'test/core')).filter(
    (name) => name.endsWith('.test.ts') && !/walk|mutations/.test(name),
  );
  const files = tests.map((name) => join('test/core', name));
  const vitest = join(project, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', folder, '--reporter=json', ...files];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (!stdout.includes('{')) throw new Error(`the unit tests did not run: ${stderr}`);
  const { testResults, numTotalTests } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
  if (numTotalTests === 0) throw new Error('there are no unit tests');
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  return failed[0] ? `${failed[0].fullName}${failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''}` : null;
}

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly { readonly assertionResults: readonly { status: string; fullName: string }[] }[];
}
