import { expect, test } from 'vitest';
import { leastOf, sumOf } from '../../../src/probe/kinds/metric-page.ts';

const page = `# HELP restart_count Number of restarts
# TYPE restart_count counter
restart_count 3
restart_count_total 99
restart_counts{a="b"} 77
requests{code="200",path="/{id}"} 10
requests{code="500",path="odd \\" } \\\\"} 2.5 1700000000000
  requests {} 1e3
odd NaN
high +Inf
low{x="y"} -Inf
gauge\t-4
empty{a="b"}
torn{a="b
words many
exemplar{le="1"} 5 # {trace="x"} 0.5
`;

test.each([
  ['restart_count', 3],
  ['restart_count_total', 99],
  ['requests', 1012.5],
  ['odd', Number.NaN],
  ['high', Infinity],
  ['low', -Infinity],
  ['gauge', -4],
  ['empty', Number.NaN],
  ['torn', Number.NaN],
  ['words', Number.NaN],
  ['exemplar', 5],
  ['restart', null],
  ['absent', null],
])('%s is %s', (name, value) => {
  expect(sumOf(page, name)).toEqual(value);
});

test('line ends of Windows, a last line without an end, no page', () => {
  expect(sumOf('a 1\r\na 2\r\na 4', 'a')).toBe(7);
  expect(sumOf('', 'a')).toBe(null);
});

test.each([
  ['requests{code="200"}', 10],
  ['requests{code="500"}', 2.5],
  ['requests{ code="200" , path="/{id}" }', 10],
  ['requests{path="odd \\" } \\\\"}', 2.5],
  ['requests{code="404"}', null],
  ['requests{cod="200"}', null],
  // of a series without the label it is empty, as PromQL has it
  ['requests{code=""}', 1000],
  ['restart_count{a="b"}', null],
  ['torn{a="c"}', null],
])('of %s only those series count: %s', (name, value) => {
  expect(sumOf(page, name)).toBe(value);
});

test('the least of several series; one that is no number is not passed over', () => {
  expect(leastOf(page, 'requests')).toBe(2.5);
  expect(leastOf(page, 'requests{code="200"}')).toBe(10);
  expect(leastOf(page, 'gauge')).toBe(-4);
  expect(leastOf(page, 'absent')).toBe(null);
  expect(leastOf('a{x="1"} 3\na{x="2"} NaN\na{x="3"} 5', 'a')).toBe(Number.NaN);
});
