import { describe, expect, test } from 'vitest';
import { beginVigil, endOf, isQuiet, SETTLING, type Sight, seen } from '../../src/core/vigil.ts';

// Our client left at the chain's time 1 000 while block 100 was the newest one: what counts begins with block 110. Five blocks are watched.
const LEFT = 1_000;
const BLOCKS = 5;

type Row = readonly [number: number, nonce: number, at?: number | null];

const sights = (rows: readonly Row[]): readonly Sight[] =>
  rows.map(([number, nonce, at = LEFT + 6 * (number - 100)]) => ({ number, nonce, at }));
const watched = (rows: readonly Row[]) =>
  sights(rows).reduce((vigil, sight) => seen(vigil, sight, LEFT), beginVigil(100));

describe('what is seen of an account while our client is down', () => {
  test.each<[what: string, rows: readonly Row[], said: 'quiet' | 'open' | readonly [after: number, by: number]]>([
    ['nothing', [], 'open'],
    [
      'the same at every block',
      [
        [110, 7],
        [111, 7],
        [112, 7],
        [113, 7],
        [114, 7],
        [115, 7],
      ],
      'quiet',
    ],
    [
      'the same, one block short',
      [
        [110, 7],
        [111, 7],
        [112, 7],
        [113, 7],
        [114, 7],
      ],
      'open',
    ],
    [
      'a rise in the last block',
      [
        [110, 7],
        [114, 7],
        [115, 8],
      ],
      [114, 115],
    ],
    [
      'a rise in the first that counts twice',
      [
        [110, 7],
        [111, 8],
        [115, 9],
      ],
      [110, 111],
    ],
    [
      'a rise by several',
      [
        [110, 7],
        [111, 10],
      ],
      [110, 111],
    ],
    [
      'a rise of what was on its way',
      [
        [100, 5],
        [105, 6],
        [109, 7],
        [110, 7],
        [115, 7],
      ],
      'quiet',
    ],
    [
      'a rise with the first block that counts, which may be of what was on its way',
      [
        [109, 6],
        [110, 7],
        [115, 7],
      ],
      'quiet',
    ],
    [
      'a rise from the first block that counts to the next',
      [
        [109, 7],
        [110, 7],
        [111, 8],
      ],
      [110, 111],
    ],
    [
      'blocks that were not seen, and nothing in them',
      [
        [110, 7],
        [400, 7],
      ],
      'quiet',
    ],
    [
      'blocks that were not seen, and a rise in them',
      [
        [110, 7],
        [400, 8],
      ],
      [110, 400],
    ],
    [
      'a first sight that came late: from there the same number of blocks',
      [
        [300, 7],
        [304, 7],
      ],
      'open',
    ],
    [
      'a first sight that came late, and so many blocks',
      [
        [300, 7],
        [305, 7],
      ],
      'quiet',
    ],
    [
      'blocks of a node that lags',
      [
        [110, 6, 900],
        [111, 7, 950],
        [112, 7],
        [117, 7],
      ],
      'quiet',
    ],
    [
      'blocks of a node that lags, and then too few',
      [
        [110, 6, 900],
        [111, 7, 950],
        [112, 7],
        [116, 7],
      ],
      'open',
    ],
    [
      'a chain without a clock',
      [
        [110, 7, null],
        [115, 7, null],
      ],
      'quiet',
    ],
    [
      'a chain without a clock, and a rise',
      [
        [110, 7, null],
        [111, 8, null],
      ],
      [110, 111],
    ],
    [
      'an account that was reaped: it is watched anew',
      [
        [110, 7],
        [113, 0],
        [115, 0],
      ],
      'open',
    ],
    [
      'an account that was reaped, and nothing since',
      [
        [110, 7],
        [113, 0],
        [118, 0],
      ],
      'quiet',
    ],
    [
      'an account that was reaped, and a rise since',
      [
        [110, 7],
        [113, 0],
        [118, 1],
      ],
      [113, 118],
    ],
    [
      'an account that has never signed',
      [
        [110, 0],
        [115, 0],
      ],
      'quiet',
    ],
  ])('%s', (_what, rows, said) => {
    const vigil = watched(rows);
    expect(isQuiet(vigil, BLOCKS)).toBe(said === 'quiet');
    expect(vigil.rose && [vigil.rose.after.number, vigil.rose.by.number]).toEqual(Array.isArray(said) ? said : null);
  });

  test('a rise stays one, whatever is seen later', () => {
    const vigil = watched([
      [110, 7],
      [111, 8],
      [200, 8],
      [900, 8],
      [901, 0],
    ]);
    expect(isQuiet(vigil, BLOCKS)).toBe(false);
    expect(vigil.rose?.by.number).toBe(111);
  });
});

test('until which block is known from the begin', () => {
  expect(endOf(beginVigil(100), BLOCKS)).toBe(100 + SETTLING + BLOCKS);
  expect(endOf(watched([[110, 7]]), BLOCKS)).toBe(115);
  expect(endOf(watched([[300, 7]]), BLOCKS)).toBe(305);
});
