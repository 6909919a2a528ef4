import { opensAlthough, type Verdict } from './verdict.ts';

/** What only chooses the hour does not keep an urgent release. */
export const unlessUrgent = (verdict: Verdict, isUrgent: boolean): Verdict =>
  verdict.is === 'waits' && isUrgent ? opensAlthough(verdict, 'the release is urgent') : verdict;
