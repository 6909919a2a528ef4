import { expect, test } from 'vitest';
import { createRises } from '../../../src/probe/kinds/rises.ts';

test.each<[string, number, readonly (readonly [at: number, value: number, rise: number])[]]>([
  [
    'the first value is where it begins',
    100,
    [
      [0, 500, 0],
      [10, 500, 0],
    ],
  ],
  [
    'it adds up within the window',
    100,
    [
      [0, 0, 0],
      [10, 1, 1],
      [20, 3, 3],
      [109, 3, 3],
    ],
  ],
  [
    'what is older than the window is forgotten',
    100,
    [
      [0, 0, 0],
      [10, 1, 1],
      [60, 2, 2],
      [110, 2, 1],
      [160, 2, 0],
    ],
  ],
  [
    'a fall is a counter that began again',
    100,
    [
      [0, 7, 0],
      [10, 2, 2],
      [20, 3, 3],
    ],
  ],
  [
    'values further apart than the window say nothing',
    100,
    [
      [0, 0, 0],
      [101, 9, 0],
      [150, 10, 1],
    ],
  ],
  [
    'no window: the whole life',
    Infinity,
    [
      [0, 0, 0],
      [10, 1, 1],
      [1e9, 2, 2],
    ],
  ],
])('%s', (_what, window, values) => {
  const rises = createRises(window);
  expect(values.map(([at, value]) => rises.hear(value, at))).toEqual(values.map(([, , rise]) => rise));
});
