import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HashedFile } from '../files/hashed-file.ts';
import { readLocalFile } from '../files/local-file.ts';
import { requireSpace } from '../files/space.ts';
import { originalAddress, type Permits } from './addresses.ts';
import type { Agents } from './agents.ts';
import { type Answer, ask } from './ask.ts';
import type { Limits } from './limits.ts';
import type { Pace } from './pace.ts';
import { RangeRefusal, Refusal } from './refusal.ts';
import { originOf, rangeHeaders, recall, remember, totalOfRange } from './resume.ts';

/** How far a transfer is, in bytes; `total` is what the server claims. */
export interface Progress {
  readonly received: number;
  readonly total: number | null;
}

/** What a transfer needs beside the URI. */
export interface Pipe {
  readonly file: HashedFile;
  readonly agents: Agents;
  readonly limits: Limits;
  readonly permits: Permits;
  readonly maxBytes: number;
  readonly pace: Pace;
  progress(progress: Progress): void;
}

interface Source {
  readonly total: number | null;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Pours what a URI serves into the file, behind what is there if the server can go on from there.
 * Whether these are the right bytes is the caller's question.
 * @returns whether bytes from before are a part of it
 * @throws Refusal; what the connection or the disk says; the signal's reason
 */
export async function pour(uri: string, pipe: Pipe, signal: AbortSignal): Promise<boolean> {
  const url = originalAddress(uri, pipe.permits);
  const source = url.protocol === 'file:' ? openLocal(url, pipe, signal) : await openRemote(uri, url, pipe, signal);
  const before = pipe.file.length();
  requireRoom(pipe, source.total);
  await write(source, pipe);
  return before > 0;
}

function openLocal(url: URL, { file }: Pipe, signal: AbortSignal): Source {
  file.restart();
  return { total: null, chunks: readLocalFile(fileURLToPath(url), signal) };
}

async function openRemote(uri: string, url: URL, pipe: Pipe, signal: AbortSignal): Promise<Source> {
  const { file } = pipe;
  const headers = rangeHeaders(uri, file.length(), await recall(file.path));
  pipe.pace.asking();
  const answer = await ask(url, { ...pipe, headers }, signal);
  try {
    pipe.pace.flowing();
    const total = accept(answer, file);
    if (file.length() === 0) await remember(file.path, originOf(uri, answer));
    return { total, chunks: answer.body };
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

/** Judges the head of an answer; says how many bytes the whole has. */
function accept(answer: Answer, file: HashedFile): number | null {
  const encoding = answer.header('content-encoding') ?? 'identity';
  if (encoding !== 'identity') throw new Refusal(`it sent the bytes encoded (${encoding}), which was not asked for`);
  switch (answer.status) {
    case 200:
      file.restart();
      return lengthOf(answer);
    case 206:
      return totalOfRange(answer, file.length());
    case 416:
      throw new RangeRefusal('it does not have the part asked for');
    default:
      throw new Refusal(`it answered ${answer.status}`);
  }
}

function lengthOf(answer: Answer): number | null {
  const length = answer.header('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** Checked before the first byte: a claim that is too large costs nothing. */
function requireRoom({ file, limits, maxBytes }: Pipe, total: number | null): void {
  if (total !== null && total > maxBytes)
    throw new Refusal(`it would send ${total} bytes, more than the ${maxBytes} allowed`);
  requireSpace(dirname(file.path), Math.max(0, (total ?? 0) - file.length()), limits.spare);
}

/** What the server claimed is forgotten here: every byte is counted as it comes. */
async function write({ total, chunks }: Source, pipe: Pipe): Promise<void> {
  const { file, limits, maxBytes, pace } = pipe;
  const folder = dirname(file.path);
  let lookAt = file.length() + limits.spaceEvery;
  for await (const chunk of chunks) {
    if (file.length() + chunk.length > maxBytes) throw tooMuch(pipe);
    file.append(chunk);
    pace.moved(chunk.length);
    pipe.progress({ received: file.length(), total });
    if (file.length() < lookAt) continue;
    requireSpace(folder, 0, limits.spare);
    lookAt += limits.spaceEvery;
  }
}

/** Bytes beyond the cap are no part of a release: none of them is worth going on from. */
function tooMuch({ file, maxBytes }: Pipe): Refusal {
  file.restart();
  return new Refusal(`it sends more than the ${maxBytes} bytes allowed`);
}
