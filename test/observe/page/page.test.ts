import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { InstanceLook } from '../../../src/observe/look.ts';
import { contentPolicy, documentOf } from '../../../src/observe/page/document.ts';
import { html } from '../../../src/observe/page/html.ts';
import { daemonMoves, movesOf, usualMoves } from '../../../src/observe/page/moves.ts';
import { headline, sectionsOf } from '../../../src/observe/page/sections.ts';
import { stage } from '../../../src/observe/page/waits.ts';
import { storyOf, toldEvents } from '../../../src/observe/words/story.ts';
import { instance, look } from '../../support/looks.ts';
import { calm, lines, trouble } from '../../support/page-looks.ts';
import { unknownIn } from '../../support/understood.ts';

const child = { pid: 7, startedAt: '2026-11-20T10:00:00.000Z', checksum: '0xaa' };
const well = { phase: 'running', verdict: 'healthy', child, ok: true } as const;
const next = { checksum: '0xbb', version: null, uri: null, deployment: 'd2', retryAt: null, waitsFor: null } as const;
const commands = (over: Partial<InstanceLook>) => movesOf(instance({ ...well, ...over })).map(({ command }) => command);

test.each([
  ['markup', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['an attribute', `" onfocus='x'`, '&quot; onfocus=&#39;x&#39;'],
  ['an entity', '&lt;', '&amp;lt;'],
  ['control characters and directions', '\u001b[31m\u202e', '\\x1b[31m\\u{202e}'],
  ['lines', 'a\r\nb', 'a b'],
])('what is put into markup is escaped: %s', (_name, text, shown) => {
  expect(html`<p>${text}</p>`.markup).toBe(`<p>${shown}</p>`);
  expect(html`${[html`<b>${text}</b>`, null, false]}`.markup).toBe(`<b>${shown}</b>`);
});

test.each([
  ['nothing where all is well', {}, []],
  ['a stop', { stopped: true }, ['vaultvisor start kintsugi/vault']],
  ['a hold', { held: { since: '', until: null } }, ['vaultvisor unhold kintsugi/vault']],
  ['a pin', { pinned: { checksum: '0xaa', forever: true } }, ['vaultvisor unpin kintsugi/vault']],
  [
    'an approval',
    { waiting: 'approval', next: { ...next, state: 'staged' } },
    ['vaultvisor approve kintsugi/vault 0xbb'],
  ],
  ['no approval where it waits for something else', { waiting: 'window', next: { ...next, state: 'staged' } }, []],
  [
    'two edits of one release in quarantine',
    {
      quarantined: [1, 2].map((n) => ({
        checksum: '0xcc',
        deployment: `d${n}`,
        reason: '',
        attempts: 1,
        retryAt: null,
      })),
    },
    ['vaultvisor retry kintsugi/vault 0xcc'],
  ],
  ['an ill client', { verdict: 'unhealthy' }, ['vaultvisor restart kintsugi/vault']],
  ['one that the file has left out', { configured: false }, ['vaultvisor apply --allow-remove']],
  [
    'a watch on its account',
    { guard: { account: '5F', state: 'watching', until: 9, reason: '' } },
    ['vaultvisor start kintsugi/vault --skip-guard'],
  ],
  ['a stranger', { strangers: [{ pid: 9, unit: null, words: 'pid 9', end: 'kill -INT 9' }] }, ['kill -INT 9']],
] satisfies [string, Partial<InstanceLook>, string[]][])('moves: %s', (_name, over, wanted) => {
  expect(commands(over)).toEqual(wanted);
});

test('what a trial lacks does not read as if it waited for nothing', () => {
  const waitsFor = 'nothing listens on 127.0.0.1:9615';
  expect(stage({ ...next, state: 'probation', waitsFor }, null).markup).toBe(
    'is on probation, not passed yet: nothing listens on 127.0.0.1:9615',
  );
  expect(stage({ ...next, state: 'staged', waitsFor: 'its hour' }, null).markup).toBe('waits for its hour');
});

test('every command to copy is one of the command line, with options that it has', () => {
  const all = trouble().instances.flatMap((i) => [...movesOf(i), ...usualMoves(i)]);
  const refused = { ...look([], []).daemon, refusal: 'home is missing', file: "/etc/it's mine.json" };
  const given = [...all, ...daemonMoves(refused)].map(({ command }) => command);
  expect(given).toContain(`vaultvisor config validate --config '/etc/it'\\''s mine.json'`);
  expect(given.flatMap(unknownIn)).toEqual([]);
});

test('every event that the history can hold has a sentence of its own', () => {
  const root = resolve(import.meta.dirname, '../../../src');
  const files = ['core', 'daemon'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  );
  const text = files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(root, file), 'utf8'));
  const names = text.flatMap((one) =>
    [...one.matchAll(/\bevent: (?:\w+ \? )?'(\w+)'(?: : '(\w+)')?/g)].flatMap(([, ...found]) =>
      found.flatMap((n) => n ?? []),
    ),
  );
  expect(names.length).toBeGreaterThan(30);
  expect(toldEvents).toEqual(expect.arrayContaining(names));
});

test.each([
  [{ event: 'started', version: '1.1.0', checksum: '0xbb', downtime: 71 }, '1.1.0 was started; nothing ran for 71 ms'],
  [
    { event: 'exited', checksum: `0x${'a'.repeat(64)}`, uptime: 61_000, reason: 'exited with\nstatus 1' },
    '0xaaaaaaaa… left by itself after 1 min 1 s: exited with status 1',
  ],
  [{ event: 'asked', to: 'rejected' }, 'A person asked for the release before'],
  [{ event: 'invented' }, 'invented'],
  [{}, 'undefined'],
])('the story of %j', (line, words) => {
  expect(storyOf(line).words).toBe(words);
});

test('a reason that two events share is told once', () => {
  const { details = '' } = sectionsOf({ look: look([instance(well)], []), linesOf: lines });
  const events = details
    .split('<ol')
    .slice(1)
    .join('')
    .replace(/data-key="[^"]*"/g, '');
  expect(events.match(/config schema mismatch/g)).toHaveLength(1);
});

test.each([
  [[], 'No client is configured yet.'],
  [calm().instances, 'All 3 clients are well.'],
  [calm().instances.slice(0, 1), 'The client is well.'],
  [[instance(well), instance({ ...well, client: 'b', stopped: true })], 'One of 2 clients is on its way: kintsugi/b.'],
  [[instance(well), instance({ ...well, client: 'b', ok: false })], 'One of 2 clients wants a look: kintsugi/b.'],
  [trouble().instances, '2 of 6 clients want a look.'],
])('the headline of %#', (instances, words) => expect(headline(instances)).toBe(words));

test('what does not change is the same markup at another time, so that nothing is sent', () => {
  const seen = { look: trouble(), linesOf: () => [] };
  expect(sectionsOf(seen)).toEqual(sectionsOf(seen));
});

test('the page asks nothing of others, and what it executes is named by its hash', () => {
  const page = documentOf({ look: trouble(), linesOf: lines }, 0);
  expect(page).not.toMatch(/(src|href)="(?!\/|#)/);
  expect(page).not.toMatch(/ (style|on\w+)="/);
  expect(contentPolicy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; /);
});
