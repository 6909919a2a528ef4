import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { knownEvents, meaningOf } from '../../src/notify/events.ts';
import { conditions } from '../../src/notify/message.ts';

const root = resolve(import.meta.dirname, '../..');

/** As test/docs.test.ts finds them: what the history can hold. */
function eventsInSources(): readonly string[] {
  const files = ['src/core/notices', 'src/daemon'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${room}/${name}`),
  );
  const named = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\bevent: (?:\w+ \? )?'(\w+)'(?: : '(\w+)')?/g)].flatMap(
      ([, one, other]) => [one, other],
    ),
  );
  return [...new Set(named.flatMap((name) => name ?? []))];
}

test('every event of the history has a meaning: one that nobody thought of must not be silent by chance', () => {
  const found = eventsInSources();
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter((event) => !knownEvents.includes(event))).toEqual([]);
});

test('an event that this version does not know says nothing', () => {
  expect(meaningOf({ event: 'somethingNew' })).toMatchObject({ tells: null });
});

describe('what wakes somebody', () => {
  test.each([
    [{ event: 'guardRefused' }, 'critical'],
    [{ event: 'signedElsewhere' }, 'critical'],
    [{ event: 'redeemEndangered' }, 'critical'],
    [{ event: 'exited', final: true }, 'critical'],
    [{ event: 'exited', final: false }, 'warning'],
    [{ event: 'failed', wayBack: false }, 'critical'],
    [{ event: 'failed' }, null],
    [{ event: 'quarantined' }, 'warning'],
    [{ event: 'alarm', about: 'environment' }, 'critical'],
    [{ event: 'alarm', about: 'fleetLock' }, 'warning'],
    [{ event: 'orphan', action: 'refused' }, 'warning'],
    [{ event: 'announced', downgrade: 'refused' }, 'warning'],
    [{ event: 'announced' }, 'info'],
    [{ event: 'committed' }, 'info'],
    [{ event: 'restarted' }, null],
  ])('%j is %s', (notice, severity) => {
    const { tells, raises } = meaningOf(notice);
    expect(raises ? conditions[raises] : tells).toBe(severity);
  });
});

describe('docs/messages.md', () => {
  const page = readFileSync(join(root, 'docs/messages.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('|'));

  test.each(Object.entries(conditions))('says that %s is %s', (condition, severity) => {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${condition}\``));
    expect(row?.split('|')[2]?.trim()).toBe(severity);
  });

  test.each([...knownEvents])('tells of the event %s', (event) =>
    expect(rows.some((line) => line.includes(`\`${event}\``))).toBe(true),
  );
});
