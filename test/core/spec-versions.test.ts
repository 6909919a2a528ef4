import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpecVersions, printedSpecVersions, specVersionsOf } from '../../src/core/spec-versions.ts';

const range = fc
  .tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const ranges = fc.array(range, { minLength: 1, maxLength: 64 });
const written = ([from, to]: readonly [number, number]) => (from === to ? `${from}` : `${from}-${to}`);

describe('spec versions are read as they were written', () => {
  it('in a fragment, in JSON, and line by line', () => {
    fc.assert(
      fc.property(ranges, (all) => {
        expect(parseSpecVersions(all.map(written).join(','))).toEqual(all);
        expect(specVersionsOf(all)).toEqual(all);
        expect(printedSpecVersions(all.map(written).join('\n'))).toEqual(all);
        expect(printedSpecVersions(`${JSON.stringify(all)}\n`)).toEqual(all);
      }),
    );
  });

  it('single ones in JSON need no brackets, and printed lines may be blank', () => {
    expect(specVersionsOf([7, [8, 9]])).toEqual([
      [7, 7],
      [8, 9],
    ]);
    expect(printedSpecVersions('\n 7 \r\n\n8-9\n')).toEqual([
      [7, 7],
      [8, 9],
    ]);
  });
});

describe('what is none is refused as a whole', () => {
  it.each([
    '',
    ',',
    '1,',
    '1-',
    '-1',
    '2-1',
    '1-2-3',
    '1.0',
    '0x1',
    '1e3',
    ' 1',
    '4294967296',
    '99999999999',
    '1'.repeat(500),
  ])('%j in a fragment', (text) => expect(parseSpecVersions(text)).toBeNull());

  it.each(['', '\n\n', '[]', '[', '{}', '[1,"2"]', '[[1]]', '[[2,1]]', '[null]', 'error: unknown flag', '1\nx', '1,2'])(
    '%j from a program',
    (text) => expect(printedSpecVersions(text)).toBeNull(),
  );

  it('more than 64 of them', () => {
    const many = Array.from({ length: 65 }, (_, n) => n);
    expect(parseSpecVersions(many.join(','))).toBeNull();
    expect(specVersionsOf(many)).toBeNull();
    expect(printedSpecVersions(many.join('\n'))).toBeNull();
  });

  it('whatever else it is: never thrown, never half read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const read of [parseSpecVersions(text), printedSpecVersions(text)])
          for (const [from, to] of read ?? []) expect(from).toBeLessThanOrEqual(to);
      }),
    );
  });
});
