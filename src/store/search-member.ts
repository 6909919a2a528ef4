import { dirname } from 'node:path';
import { Parser, type ReadEntry } from 'tar';
import { printable, VisorError } from '../errors.ts';
import type { HashedFile } from './files/hashed-file.ts';
import { requireSpace } from './files/space.ts';

/** Looks through a tar as it comes in; every method throws what is wrong with it (VisorError `protocol`, or the parser's own). */
export interface Search {
  write(chunk: Buffer): void;
  /** @throws unless exactly one member of the name was written whole */
  end(): void;
}

/**
 * Pours the one member of a name into a file. The parser hands everything over synchronously while its entries flow,
 * so errors are gathered where they arise and thrown to whoever feeds it.
 */
export function searchMember(member: string, file: HashedFile, maxBytes: number): Search {
  // A ratio of 1: a gzip hidden within is not unpacked behind our own count.
  const parser = new Parser({ strict: true, maxDecompressionRatio: 1 });
  const names: string[] = [];
  let found: ReadEntry | null = null;
  let failure: unknown = null;
  const attempt = (act: () => void) => {
    try {
      if (failure === null) act();
    } catch (error) {
      failure = error;
    }
  };
  const take = (entry: ReadEntry) =>
    attempt(() => {
      judge(entry);
      if (names.length < 10) names.push(printable(entry.path));
      if (plain(entry.path) !== plain(member)) return;
      if (found !== null) throw refused(`it holds ${member} more than once`);
      found = requireTakeable(entry, file, maxBytes);
      entry.on('data', (chunk: Buffer) => attempt(() => file.append(chunk)));
    });
  parser.on('entry', (entry: ReadEntry) => {
    take(entry);
    entry.resume();
  });
  parser.on('ignoredEntry', take);
  parser.on('error', (error: unknown) => {
    failure ??= error;
  });
  const check = () => {
    if (failure !== null) throw failure;
  };
  let isFirst = true;
  return {
    write(chunk) {
      if (isFirst) requireTar(chunk);
      isFirst = false;
      parser.write(chunk);
      check();
    },
    end() {
      parser.end();
      check();
      if (found === null) throw refused(`it holds no ${member}, but ${names.join(', ') || 'nothing'}`);
      if (file.length() !== found.size) throw refused(`${member} is cut short`);
    },
  };
}

/** No honest archive of a program has these; an archive that has is refused whole. */
function judge({ path, type }: ReadEntry): void {
  if (path.startsWith('/') || path.split('/').includes('..')) throw refused(`a member is called ${printable(path)}`);
  if (!harmlessTypes.includes(type)) throw refused(`${printable(path)} is a ${type}`);
}

function requireTakeable(entry: ReadEntry, file: HashedFile, maxBytes: number): ReadEntry {
  if (!fileTypes.includes(entry.type)) throw refused(`${printable(entry.path)} is a ${entry.type}, not a file`);
  if (entry.size > maxBytes)
    throw refused(`${printable(entry.path)} has ${entry.size} bytes, more than the ${maxBytes} allowed`);
  requireSpace(dirname(file.path), entry.size);
  return entry;
}

/** The parser takes what is no tar for an empty one, or for what its first bytes promise. */
function requireTar(start: Buffer): void {
  if (start.toString('latin1', 257, 262) !== 'ustar') throw refused('it is neither tar nor tar.gz');
}

const plain = (name: string): string => name.replace(/^(\.\/+)+/, '');

const fileTypes: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];
const harmlessTypes: readonly string[] = [...fileTypes, 'Directory', 'Link', 'SymbolicLink'];

function refused(sentence: string): VisorError {
  return new VisorError(
    'protocol',
    `the archive is refused: ${sentence}`,
    'Ask whoever published the release for a proper archive, or correct `download.member`; nothing was changed.',
  );
}
