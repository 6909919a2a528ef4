import { expect, test } from 'vitest';
import { readDocument } from '../../src/config/document.ts';
import { networkEntries } from '../../src/config/inherit.ts';
import { originsOf } from '../../src/config/origins.ts';
import { argsFile } from '../../src/config/schema.ts';
import { argsText } from './args-text.ts';

function origins(client: object, defaults: object): Readonly<Record<string, readonly unknown[]>> {
  const { document } = readDocument(argsText({ client, top: { defaults } }));
  const file = argsFile.parse(document.value);
  const entries = networkEntries(document, file).flatMap((network) => network.entries);
  const rows = entries.flatMap((entry) => originsOf(entry, file));
  return Object.fromEntries(
    rows.map(({ path, value, origin }) => [path.replace('networks.n.clients.c.', ''), [value, origin]]),
  );
}

test('each setting says which layer it comes from', () => {
  const shown = origins(
    { preset: 'interbtc-vault', args: ['--keyname', 'k'], health: { exits: 5 } },
    { stop: { grace: '2m' }, env: { TOKEN: 'x' } },
  );
  expect(shown).toMatchObject({
    preset: ['interbtc-vault', 'client'],
    args: [['--keyname', 'k', '--btc-parachain-url', '{endpoint}'], 'client, and preset interbtc-vault'],
    'health.exits': [5, 'client'],
    'health.healthyDeadline': ['30m', 'preset interbtc-vault'],
    'stop.grace': ['2m', 'defaults'],
    'stop.signal': ['SIGINT', 'preset interbtc-vault'],
    'env.TOKEN': ['[hidden]', 'defaults'],
    keep: [1, 'built in'],
  });
});

test('a preset of defaults counts, and without one nothing says preset', () => {
  expect(origins({}, { preset: 'spacewalk-vault' })['start.delay']).toEqual(['30s', 'preset spacewalk-vault']);
  expect(JSON.stringify(origins({}, {}))).not.toContain('preset');
});
