import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { sentenceOf, systemCode, VisorError } from '../src/errors.ts';
import { withWords } from '../src/install/durable.ts';
import { diskError } from '../src/store/files/file-errors.ts';

/** As Node throws it: libuv has no name for it. */
const unnamed = `Unknown system error -${constants.errno.EDQUOT}`;
const overQuota = Object.assign(new Error(`${unnamed}: ${unnamed}, open '/home/x'`), { code: unnamed });

test('a quota that is used up is known, and said in words that can be looked up', () => {
  expect(systemCode(overQuota)).toBe('EDQUOT');
  expect(sentenceOf(overQuota)).toBe("EDQUOT: disk quota exceeded, open '/home/x'");
  expect(diskError(overQuota, 'could not save')).toMatchObject({ code: 'io', next: expect.stringContaining('room') });
  expect(withWords('It cannot be laid out', overQuota)).toMatchObject({ next: expect.stringContaining('space') });
});

test('another system error keeps its code, and what is none has none', () => {
  expect(systemCode(Object.assign(new Error('no'), { code: 'ENOENT' }))).toBe('ENOENT');
  expect([new Error('no'), 'no', null].map(systemCode)).toEqual([null, null, null]);
  expect(systemCode(new VisorError('io', 'no', 'go on'))).toBe('io');
});
