import type { Millis } from '../../core/release.ts';
import { oneLine } from '../words/pieces.ts';
import { exactSpan } from '../words/time.ts';
import { downFor, type HistoryLine, numberOf, releaseOf, textOf, timeOf } from './line.ts';

/** `well`: it is as it should be. `busy`: it is not over. `ill`: it failed. `plain`: something that happened beside updates. */
export type Outcome = 'well' | 'busy' | 'ill' | 'plain';

/** What belongs together: an update from its announcement to its end, or one thing that happened beside. */
export interface Chapter {
  readonly network: string;
  readonly client: string;
  /** ISO 8601, UTC. */
  readonly began: string;
  readonly ended: string;
  /** What is updated to; `null`: it is no update. */
  readonly title: string | null;
  readonly outcome: Outcome;
  /** What happened, in words, in its order. */
  readonly steps: readonly string[];
  /** How often the same happened in a row. */
  readonly times: number;
}

/** A chapter while it is written. */
export interface Draft {
  readonly first: HistoryLine;
  last: HistoryLine;
  readonly isUpdate: boolean;
  title: string | null;
  checksum: string | null;
  deployment: string | null;
  /** What it went back to, until that is up. */
  backTo: string | null;
  outcome: Outcome;
  readonly steps: string[];
  /** It is named now; one that is pending comes with the next runtime. */
  isNamed: boolean;
  isFetched: boolean;
  failedFetches: number;
  startedAt: Millis | null;
  waits: { readonly since: Millis; readonly what: string } | null;
  isOver: boolean;
}

/** @param title `null`: no update */
export function draftOf(first: HistoryLine, title: string | null): Draft {
  return {
    first,
    last: first,
    isUpdate: title !== null,
    title,
    checksum: textOf(first, 'checksum'),
    deployment: textOf(first, 'deployment'),
    backTo: null,
    outcome: title === null ? 'plain' : 'busy',
    steps: [],
    isNamed: false,
    isFetched: false,
    failedFetches: 0,
    startedAt: null,
    waits: null,
    isOver: false,
  };
}

export const updateOf = (first: HistoryLine): Draft => draftOf(first, `update to ${releaseOf(first)}`);

/** How long it was from one moment to another by the wall clock, which may have been set back between. */
export const between = (from: Millis, to: Millis): string => exactSpan(Math.max(0, to - from));

export function add(draft: Draft, line: HistoryLine, ...steps: readonly string[]): void {
  draft.last = line;
  draft.steps.push(...steps);
}

/** It goes on: what it waited for is told with how long that was. */
export function endWait(draft: Draft, line: HistoryLine): void {
  if (draft.waits === null) return;
  const { since, what } = draft.waits;
  draft.waits = null;
  add(draft, line, `waited ${between(since, timeOf(line))} for ${what}`);
}

export function startWait(draft: Draft, line: HistoryLine, what: string): void {
  if (draft.waits?.what === what) return;
  endWait(draft, line);
  draft.last = line;
  draft.waits = { since: timeOf(line), what };
}

export function over(draft: Draft, outcome: Outcome): void {
  draft.outcome = outcome;
  draft.isOver = true;
}

export const cameUp = (line: HistoryLine): string =>
  `started again as pid ${numberOf(line, 'pid') ?? '?'}${downFor(line)}`;

export function chapterOf({ first, last, title, outcome, steps, waits }: Draft): Chapter {
  const waiting = waits === null ? [] : [`waits for ${waits.what}`];
  return {
    network: textOf(first, 'network') ?? '?',
    client: textOf(first, 'client') ?? '?',
    began: textOf(first, 'at') ?? '?',
    ended: textOf(last, 'at') ?? '?',
    title,
    outcome,
    steps: [...steps, ...waiting].map(oneLine),
    times: 1,
  };
}
