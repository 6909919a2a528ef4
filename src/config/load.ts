import { crossChecks } from './cross-checks.ts';
import { type Document, nodeAt, readDocument, type SyntaxFault, strayKeys } from './document.ts';
import { networkEntries } from './inherit.ts';
import { type Finding, type Problem, problemsOf } from './problem.ts';
import { findingsOf } from './schema/issues.ts';
import { absolutePath } from './schema/text.ts';
import { type ArgsFile, argsFile } from './schema.ts';
import type { Config } from './settings.ts';
import { soundPart } from './sound-part.ts';
import { toConfig } from './to-config.ts';

export type Parsed =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads an args file: JSON with comments and trailing commas. Tells all that is wrong at once, in the order of the file. */
export function parseArgsFile(text: string): Parsed {
  const { document, faults } = readDocument(text);
  if (document.root === undefined || faults.length > 0) return refused(document, unreadable(document, faults));
  const strays = strayKeys(document);
  const shape = argsFile.safeParse(document.value);
  if (shape.success && strays.length === 0) return joined(document, shape.data);
  const issues = findingsOf(shape.error?.issues ?? [], (path) => nodeAt(document, path) !== undefined);
  const sound = soundPart(document.value, issues);
  const further = sound === null ? [] : configured(document, sound).findings;
  return refused(document, [...strays, ...issues, ...further]);
}

function unreadable({ text }: Document, faults: readonly SyntaxFault[]): readonly Finding[] {
  if (text.trim() !== '') return faults.map((fault) => ({ path: [], ...fault }));
  return [{ path: [], offset: 0, message: 'the file is empty: it may be in the middle of being written' }];
}

function joined(document: Document, file: ArgsFile): Parsed {
  const { config, findings } = configured(document, file);
  return findings.length === 0 ? { ok: true, config } : refused(document, findings);
}

function configured(document: Document, file: ArgsFile): { config: Config; findings: readonly Finding[] } {
  const networks = networkEntries(document, file);
  const config = toConfig(file, networks);
  return {
    config,
    findings: crossChecks(
      config,
      networks.flatMap(({ entries }) => entries),
      file,
    ),
  };
}

const refused = (document: Document, findings: readonly Finding[]): Parsed => ({
  ok: false,
  problems: problemsOf(document, findings),
});

/**
 * The `home` of an args file, also while the rest is invalid or cut short: commands to a daemon must work then.
 * `null` where it is not there, not absolute, or itself cut short.
 */
export function homeOf(text: string): string | null {
  const { document, faults } = readDocument(text);
  const node = nodeAt(document, ['home']);
  if (node === undefined) return null;
  const damaged = faults.some(({ offset }) => offset >= node.offset && offset < node.offset + node.length);
  return damaged ? null : (absolutePath.safeParse(node.value).data ?? null);
}
