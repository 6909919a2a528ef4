import { type Complaint, check, verdict } from '../check.ts';

/** package.json, "engines". */
const LOWEST = [20, 19] as const;

/** When a line gets no more security fixes (github.com/nodejs/release, "Release schedule"). */
const ENDS: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  22: '2027-04-30',
  24: '2028-04-30',
  26: '2029-04-30',
};

/** The Node that this program runs on; one file brings its own. */
export const node = check(
  'node-version',
  () => ({ version: process.version, now: Date.now() }),
  (seen) => verdict(complaintsOf(seen), `Node ${seen.version} is maintained.`),
);

export function complaintsOf({ version, now }: { version: string; now: number }): readonly Complaint[] {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  const about = null;
  const fix = 'Install a line of Node that is maintained (nodejs.org), or use the single file, which brings its own.';
  if (major < LOWEST[0] || (major === LOWEST[0] && minor < LOWEST[1]))
    return [{ severity: 'error', about, sentence: `Node ${version} is older than ${LOWEST.join('.')}.`, fix }];
  const end = ENDS[major];
  if (end !== undefined && now > Date.parse(end))
    return [{ severity: 'warning', about, sentence: `Node ${version} gets no security fixes since ${end}.`, fix }];
  const isShort = end === undefined && major < 26;
  const sentence = `Node ${version} is of a line that is maintained for months only.`;
  return isShort ? [{ severity: 'note', about, sentence, fix }] : [];
}
