import { z } from 'zod';
import { loadSideRecord, saveSideRecord } from './state-beside.ts';

const time = z.number().int();
const deployment = z.string().regex(/^[0-9a-f]{64}$/);

const record = z.strictObject({
  schema: z.literal(1),
  heard: z.array(z.strictObject({ checksum: z.string().regex(/^0x[0-9a-f]{64}$/), at: time })).readonly(),
  waiting: z.strictObject({ of: deployment, since: z.record(z.string(), time).readonly() }).nullable(),
  slots: z.array(z.strictObject({ url: z.string(), group: z.string(), id: z.string() })).readonly(),
  drained: z.strictObject({ of: deployment, after: z.array(z.string()).readonly().nullable() }).nullable(),
});

/** What the gates of an instance keep over a restart (docs/state.md). */
export type GatesRecord = Omit<z.output<typeof record>, 'schema'>;

/**
 * `null`: there is none.
 * @throws the system's or the parser's error where there is one that cannot be read: a slot that we hold may be in it
 */
export const loadGates = (path: string): Promise<GatesRecord | null> => loadSideRecord(path, record);

/** @throws VisorError `io` or `permission`; the former record then still stands */
export const saveGates = (path: string, kept: GatesRecord): Promise<void> =>
  saveSideRecord(path, kept, 'what the gates must know');
