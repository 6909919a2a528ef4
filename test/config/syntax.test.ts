import { expect, test } from 'vitest';
import { homeOf } from '../../src/config/load.ts';
import { accepted, argsText, problemsIn } from './args-text.ts';

const cut = 'a closing } is missing: the file may have been cut short';
const empty = 'the file is empty: it may be in the middle of being written';
const twice = 'is written twice in one object: keep one of them';

const faults: readonly (readonly [text: string, place: string, message: string])[] = [
  ['', '1:1', empty],
  [' \n\t', '1:1', empty],
  ['\uFEFF', '1:1', empty],
  ['// only words', '1:14', 'a value is expected here'],
  ['{"home": "/h"', '1:14', cut],
  ['{"home": "/h', '1:10', 'this text is never closed with a double quote'],
  ['{"home": "/h"\n "networks": {}}', '2:2', 'a comma is expected here, between two entries'],
  ['{"home" "/h"}', '1:9', 'a colon is expected here, between the key and its value'],
  [
    '{home: "/h"}',
    '1:2',
    'this is not JSON: texts and keys stand in double quotes, and the only bare words are true, false and null',
  ],
  ['{"networks": [', '1:15', 'a closing ] is missing: the file may have been cut short'],
  ['{} {}', '1:4', 'nothing may follow after the closing brace of the file'],
  ['{ /* for ever', '1:3', 'this comment is never closed with */'],
  ['{"home": "\\q"}', '1:10', 'this escape is not one of JSON: a backslash itself is written \\\\'],
  ['['.repeat(200_000), '1:1', 'this is nested too deeply to be an args file'],
];

test.each(faults.map(([text, ...rest]) => [text.slice(0, 40), ...rest, text] as const))(
  'syntax: %j',
  (_start, place, message, text) => {
    const [problem] = problemsIn(text);
    expect(problem).toMatchObject({ path: '', value: '', message });
    expect(`${problem?.line}:${problem?.column}`).toBe(place);
  },
);

test('a key that is written twice is refused wherever it is, and the rest is told beside it', () => {
  const text = '{"home": "/h", "home": "/i", "networks": {"n": {"clients": {}, "clients": {"C": {}}}}}';
  expect(problemsIn(text).map(({ path, column, message }) => [path, column, message.slice(0, 20)])).toEqual([
    ['home', 16, twice.slice(0, 20)],
    ['networks.n.clients', 64, twice.slice(0, 20)],
    ['networks.n.clients.C', 76, 'must be a name of at'],
  ]);
});

test('a key that would change what objects are is refused', () => {
  const problems = problemsIn(argsText().replace('{', '{"__proto__": {"maxUpdating": 0}, '));
  expect(problems.map(({ path, message }) => [path, message])).toContainEqual([
    '__proto__',
    'is not a key that may be used',
  ]);
});

test('comments, trailing commas and a byte order mark are allowed', () => {
  const text = '\uFEFF// one\n{ /* two */ "home": "/h", "networks": {"n": {"clients": {},},}, }\n// three';
  expect(accepted(text).networks).toEqual([{ name: 'n', endpoints: [], genesis: null, clients: [] }]);
});

const homes: readonly (readonly [text: string, home: string | null])[] = [
  ['{"home": "/h", "networks": 5, "stray": [}', '/h'],
  ['{"home": "/h"', '/h'],
  ['// a word\n{"networks": {"n": {"home": "/wrong"}}, "home": "/h", }', '/h'],
  ['{"home": "/h", "netw', '/h'],
  ['{"home": "/var/lib/vau', null],
  ['{"home": "h"}', null],
  ['{"home": ["/h"]}', null],
  ['{"networks": {"home": "/h"}}', null],
  ['{"ho', null],
  ['', null],
  ['[', null],
  ['['.repeat(200_000), null],
];

test.each(homes.map(([text, home]) => [text.slice(0, 60), home, text] as const))(
  'homeOf %j is %j',
  (_start, home, text) => {
    expect(homeOf(text)).toBe(home);
  },
);

test('homeOf never gives a home that the file cut short does not fully have', () => {
  const text = JSON.stringify({ $schema: 'x', home: '/var/lib/vaultvisor', networks: {} });
  const found = Array.from(text, (_, end) => homeOf(text.slice(0, end)));
  expect(new Set(found)).toEqual(new Set([null, '/var/lib/vaultvisor']));
});
