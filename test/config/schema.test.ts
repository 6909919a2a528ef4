import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { argsSchemaText } from '../../src/config/json-schema.ts';
import { accepted, argsText, rowsIn } from './args-text.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const example = read('args.example.json');
const schema = z.fromJSONSchema(JSON.parse(read('schema/args.schema.json')));

test('schema/args.schema.json is current (else: npx tsx scripts/make-schema.ts)', () => {
  expect(read('schema/args.schema.json')).toBe(argsSchemaText());
});

describe('args.example.json', () => {
  test('is accepted by both', () => {
    const { networks } = accepted(example);
    expect(networks[0]?.clients[0]?.source).toEqual({ source: 'clients-info', client: 'vault' });
    expect(networks).toHaveLength(6);
    expect(networks.flatMap(({ clients }) => clients)).toHaveLength(10);
    expect(schema.safeParse(parse(example)).success).toBe(true);
  });

  test('names its schema where it lies in the project', () => {
    expect(parse(example).$schema).toBe('./schema/args.schema.json');
  });
});

test.each([
  [{ home: 'relative' }],
  [{ stray: 1 }],
  [{ maxUpdating: 0 }],
  [{ http: {} }],
  [{ defaults: { stop: { grace: '6 s' } } }],
  [{ defaults: { health: { probes: [{}] } } }],
  [{ defaults: { health: { probes: [{ log: 'x', name: 'm' }] } } }],
  [{ defaults: { health: { probes: [{ metric: 'http://127.0.0.1/', name: 'm' }] } } }],
  [{ defaults: { health: { probes: [{ metric: 'http://127.0.0.1/', name: 'm', min: 1 }] } } }],
  [{ defaults: { stop: { grace: 'infinite' }, download: { maxBytes: 5 } } }],
  [{ defaults: { release: { source: 'manifest' } } }],
])('both agree on: %j', (top) => {
  const text = argsText({ top });
  expect(schema.safeParse(JSON.parse(text)).success).toBe(rowsIn(text).length === 0);
});
