/** What is remembered of releases that were healthy here. */
import type { Instance } from './instance.ts';
import type { Checksum } from './release.ts';

/** Of so many releases, and of each under so many runtimes; the newest. Some ten years of a chain that names one a fortnight. */
const MOST_RELEASES = 256;
const MOST_RUNTIMES = 16;

/** Healthy now: the checksum is proven for the present runtime. What has the slot and the ways back never drop out. */
export function withProof(i: Instance, checksum: Checksum): Instance['proven'] {
  const { specVersion } = i.chain;
  const former = (i.proven[checksum] ?? []).filter((spec) => spec !== specVersion);
  const specs = specVersion === null ? former : [...former.slice(-(MOST_RUNTIMES - 1)), specVersion];
  const all = Object.entries({ ...i.proven, [checksum]: specs.sort((a, b) => a - b) });
  const kept = new Set([checksum, ...i.formers.map(({ deployment }) => deployment.release.checksum)]);
  return Object.fromEntries(all.filter(([one], n) => n >= all.length - MOST_RELEASES || kept.has(one)));
}
