import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { Finding, Path } from './problem.ts';
import { syntaxSentence } from './syntax.ts';

/** The text of an args file with the place of every value in it. */
export interface Document {
  readonly text: string;
  readonly root: Node | undefined;
  /** The plain value; keys keep the last of duplicates. */
  readonly value: unknown;
}

export interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
}

const options = { allowTrailingComma: true, disallowComments: false };

/** A byte order mark, as some editors write, becomes a space so that places stay true. */
export function readDocument(text: string): { document: Document; faults: readonly SyntaxFault[] } {
  const clean = text.replace(/^\uFEFF/, ' ');
  const { root, faults } = parsed(clean);
  return { document: { text: clean, root, value: root && plain(root) }, faults };
}

/** The parser recurses: a file of a million brackets ends in a sentence, not in a stack overflow. */
function parsed(text: string): { root: Node | undefined; faults: readonly SyntaxFault[] } {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, options);
    const first = errors.filter(({ offset }, index) => errors.findIndex((one) => one.offset === offset) === index);
    return { root, faults: first.map(({ error, offset }) => ({ offset, message: syntaxSentence(error) })) };
  } catch {
    return { root: undefined, faults: [{ offset: 0, message: 'this is nested too deeply to be an args file' }] };
  }
}

/** Own properties only, so that a key named `__proto__` is seen as the stray key that it is. */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(propertiesOf(node).map(({ key, value }) => [key, value && plain(value)]));
}

interface Property {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | undefined;
}

function propertiesOf(node: Node): readonly Property[] {
  return (node.children ?? []).flatMap((property) => {
    const [keyNode, value] = property.children ?? [];
    return keyNode === undefined ? [] : [{ key: String(keyNode.value), keyNode, value }];
  });
}

/** The value at a path, if the file has it; the last of duplicate keys. */
export function nodeAt(document: Document, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((node, step) => {
    if (node?.type === 'array') return node.children?.[Number(step)];
    if (node?.type !== 'object') return undefined;
    return propertiesOf(node).findLast(({ key }) => key === String(step))?.value;
  }, document.root);
}

/** Keys of an object in the order of the file: JavaScript would put those that look like numbers first. */
export function keysAt(document: Document, path: Path): readonly string[] {
  const node = nodeAt(document, path);
  return node?.type === 'object' ? [...new Set(propertiesOf(node).map(({ key }) => key))] : [];
}

/** Where a path is in the text: its value, else the nearest value around it. */
export function offsetAt(document: Document, path: Path): number {
  const node = nodeAt(document, path);
  if (node !== undefined) return node.parent?.type === 'property' ? node.parent.offset : node.offset;
  return path.length === 0 ? 0 : offsetAt(document, path.slice(0, -1));
}

/** Both counted from 1. */
export function placeOf(document: Document, offset: number): { line: number; column: number } {
  const before = document.text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Keys that an object has twice, and keys that no object may have. */
export function strayKeys(document: Document): readonly Finding[] {
  return document.root === undefined ? [] : strayBelow(document.root, []);
}

function strayBelow(node: Node, path: Path): readonly Finding[] {
  if (node.type === 'array')
    return (node.children ?? []).flatMap((child, index) => strayBelow(child, [...path, index]));
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return propertiesOf(node).flatMap(({ key, keyNode, value }) => {
    const here = [...path, key];
    const twice = seen.has(key) ? [finding(here, keyNode, 'is written twice in one object: keep one of them')] : [];
    const stray = key === '__proto__' ? [finding(here, keyNode, 'is not a key that may be used')] : [];
    seen.add(key);
    return [...twice, ...stray, ...(value === undefined ? [] : strayBelow(value, here))];
  });
}

const finding = (path: Path, node: Node, message: string): Finding => ({ path, message, offset: node.offset });
