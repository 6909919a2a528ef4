import { z } from 'zod';
import { loadSideRecord, saveSideRecord } from './state-beside.ts';

const time = z.number();
const severity = z.enum(['critical', 'warning', 'info']);
const condition = z.enum([
  'copy',
  'redeem',
  'down',
  'failing',
  'environment',
  'restore',
  'release',
  'unhealthy',
  'exits',
  'fetch',
  'stranger',
  'orphan',
  'source',
  'argsFile',
]);
const details = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).readonly();
const text = z.string().nullable();

const message = z.strictObject({
  schema: z.literal(1),
  id: z.string(),
  at: z.string(),
  state: z.enum(['firing', 'resolved', 'told']),
  severity,
  condition: condition.nullable(),
  key: text,
  since: text,
  until: text,
  event: z.string(),
  host: z.string(),
  network: text,
  client: text,
  summary: z.string(),
  reason: text,
  next: text,
  details,
});

const open = z.strictObject({
  condition,
  subject: z.strictObject({ network: z.string(), client: z.string() }).nullable(),
  event: z.string(),
  summary: z.string(),
  reason: text,
  details,
  since: time,
  told: time,
});

const item = z.strictObject({ message, attempts: z.number().int(), queued: time, sending: z.boolean() });

const record = z.strictObject({
  schema: z.literal(1),
  open: z.record(z.string(), open).readonly(),
  queues: z.record(z.string(), z.array(item).readonly()).readonly(),
});

/** What goes on, and what waits for its receivers (docs/state.md). */
export type NotifyRecord = Omit<z.output<typeof record>, 'schema'>;

/**
 * `null`: there is none.
 * @throws the system's or the parser's error where there is one that cannot be read
 */
export const loadNotify = (path: string): Promise<NotifyRecord | null> => loadSideRecord(path, record);

/** One file for all of it: what goes on and what is to be said of it change as one. @throws VisorError `io` or `permission`; the former record then still stands */
export const saveNotify = (path: string, kept: NotifyRecord): Promise<void> =>
  saveSideRecord(path, kept, 'the messages that wait');
