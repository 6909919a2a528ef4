import { grouped } from '../../observe/words/pieces.ts';
import { quietUrls } from '../../quiet-url.ts';
import type { Answers } from './answers.ts';
import type { Met } from './look-at-chain.ts';

/** What was found on chain, and what a first start would download, for a person. */
export function foundWords({ endpoint, preset }: Answers, met: Met): readonly string[] {
  const { release, size } = met;
  return [
    `${quietUrls(endpoint)} answers: all was read in ${(met.took / 1_000).toFixed(1)} s`,
    `  genesis   ${met.genesis}`,
    `  runtime   ${met.specVersion ?? 'not said'}, finalised block ${met.block ?? 'none'}`,
    ...(release === null
      ? [
          `  release   none is named for ${preset}${met.trouble === null ? '' : `: ${met.trouble}`}; vaultvisor waits until one is`,
        ]
      : [
          `  release   ${release.version === null ? '' : `${release.version}, `}${release.checksum}`,
          `  from      ${quietUrls(release.uri ?? 'nobody says where')}${size === null ? '' : `, ${grouped(size)} bytes`}`,
        ]),
  ];
}
