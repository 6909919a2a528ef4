import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readerOf, type Values } from '../../src/chain/source.ts';
import { runtimeKeys, timeOf } from '../../src/chain/values/runtime.ts';

// Real bytes of a real runtime (Foucoco's); where they come from is said in the file.
interface GoldenBlock {
  readonly label: string;
  readonly current: string | null;
  readonly pending: string | null;
  readonly timestamp: string;
  readonly events: string;
}
const file = new URL('../fixtures/clients-info-blocks.json', import.meta.url);
const golden: { keys: Record<'TS' | 'CUR' | 'PEN', string>; blocks: GoldenBlock[] } = JSON.parse(
  readFileSync(file, 'utf8'),
);

const uri = (version: string) =>
  `https://github.com/pendulum-chain/spacewalk/releases/download/${version}/vault-standalone-metadata`;
const first = { checksum: `0x${'a1'.repeat(32)}`, uri: uri('v1.0.0'), version: null };
const second = { checksum: `0x${'b2'.repeat(32)}`, uri: uri('v1.1.0'), version: null };

const rows = [
  { label: 'set_current vault v1.0.0', current: first, pending: null, at: '2026-11-03T20:00:00.132Z', event: '4801' },
  { label: 'set_current ORACLE (same event, not our client)', current: first, pending: null, at: '', event: null },
  { label: 'set_pending vault v1.1.0', current: first, pending: second, at: '', event: '4800' },
  { label: 'on_runtime_upgrade applies pending', current: second, pending: null, at: '', event: '4801' },
  { label: 'empty block', current: second, pending: null, at: '', event: null },
];

describe('blocks of a real runtime', () => {
  const reader = readerOf({ source: 'clients-info', client: 'vault' }, 'foucoco');
  const valuesOf = (block: GoldenBlock): Values =>
    new Map([
      [golden.keys.CUR, block.current],
      [golden.keys.PEN, block.pending],
      [golden.keys.TS, block.timestamp],
    ]);

  it('are read by the keys that this runtime uses', () => {
    expect(reader.keys).toEqual(expect.arrayContaining([golden.keys.CUR, golden.keys.PEN]));
    expect(runtimeKeys).toContain(golden.keys.TS);
  });

  it('are all here', () => expect(golden.blocks.map(({ label }) => label)).toEqual(rows.map(({ label }) => label)));

  it.each(rows)('$label', ({ label, current, pending, event }) => {
    const block = golden.blocks.find((one) => one.label === label)!;
    const values = valuesOf(block);
    expect(reader.current(values)).toEqual(current);
    expect(reader.pending(values)).toEqual(pending);
    expect(timeOf(values)).toBeGreaterThan(Date.UTC(2020, 0));
    // the block's own event carries the very bytes of the value: pallet 0x48, 00 Notify, 01 Apply
    const released = event === '4800' ? block.pending : block.current;
    if (event !== null) expect(block.events).toContain(event + released!.slice(2));
    else expect(block.events).not.toContain(released!.slice(2));
  });
});
