import { z } from 'zod';
import { atRest } from '../core/born.ts';
import type { Instance } from '../core/instance.ts';

/** What is on disk of an instance: all but what a restart begins without. */
export type Stored = Omit<Instance, 'volatile'>;

const checksum = z.string().regex(/^0x[0-9a-f]{64}$/);
const deploymentId = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const millis = z.number();
const migration = z.strictObject({
  kind: z.enum(['arguments', 'data']),
  checksum,
  uri: z.string().nullable(),
  to: z.string().nullable(),
});
const migrations = z.array(migration).readonly();

const args = z.array(z.string()).readonly();
const env = z.record(z.string(), z.string()).readonly();
const rendered = {
  args,
  env,
  cwd: z.string(),
  member: z.string().nullable(),
  files: z
    .record(z.string(), z.strictObject({ path: z.string(), sha256: z.string() }))
    .readonly()
    .exactOptional(),
  migrated: z.array(checksum).readonly().exactOptional(),
  user: z.strictObject({ name: z.string(), group: z.string().nullable() }).exactOptional(),
};
const when = z.strictObject({ versions: z.string(), args: args.exactOptional(), env: env.exactOptional() });
const settings = { ...rendered, when: z.array(when).readonly().exactOptional() };

const specVersions = z.array(z.tuple([count, count]).readonly()).readonly();
const terms = z.strictObject({
  migrations,
  missing: z.array(z.enum(['arguments', 'data'])).readonly(),
  specVersions,
  urgent: z.boolean(),
  dataCompatible: z.boolean(),
});
const release = z.strictObject({
  checksum,
  uri: z.string().nullable(),
  version: z.string().nullable(),
  terms: terms.exactOptional(),
});
const deployment = z.strictObject({ id: deploymentId, release, ...rendered, migrations: migrations.exactOptional() });

const occupied = {
  deployment,
  verdict: z.enum(['unknown', 'healthy', 'unhealthy', 'down', 'gone']),
  reason: z.string().nullable(),
  exits: count,
};
const running = z.strictObject({ at: z.literal('running'), ...occupied, youngUntil: millis.nullable() });
const probation = z.strictObject({ at: z.literal('probation'), ...occupied, boots: count, since: millis });
const serving = z.discriminatedUnion('at', [running, probation]);

const slot = z.discriminatedUnion('at', [
  z.strictObject({ at: z.literal('empty') }),
  running,
  probation,
  z.strictObject({ at: z.literal('switching'), from: serving, to: deployment, update: z.string(), migrations }),
  z.strictObject({
    at: z.literal('reverting'),
    to: serving,
    update: z.string(),
    data: z.string().nullable(),
    attempt: count,
    retryAt: millis.nullable(),
  }),
]);

const next = z.discriminatedUnion('at', [
  z.strictObject({
    at: z.literal('fetching'),
    deployment,
    attempt: count,
    retryAt: millis.nullable(),
    reason: z.string().nullable(),
  }),
  z.strictObject({ at: z.literal('staged'), deployment, since: millis }),
]);

const wait = z.discriminatedUnion('for', [
  z.strictObject({ for: z.literal('time'), until: millis }),
  z.strictObject({ for: z.literal('former'), until: millis }),
  z.strictObject({ for: z.literal('person') }),
  z.strictObject({ for: z.literal('nothing') }),
]);

const bar = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('failure'), of: deployment, attempts: count, reason: z.string(), wait }),
  z.strictObject({ by: z.literal('person'), checksum, deployment: deployment.nullable() }),
]);

const chain = z.strictObject({
  named: release.nullable(),
  pending: release.nullable(),
  upgradeAhead: z.boolean(),
  specVersion: count.nullable(),
  block: count.nullable(),
  urgent: checksum.nullable(),
});

const said = z.strictObject({
  held: z.strictObject({ since: millis, until: millis.nullable() }).nullable(),
  stopped: z.boolean(),
  pinned: z.strictObject({ release, over: checksum.nullable(), forever: z.boolean() }).nullable(),
  approved: z.array(checksum).readonly().default([]),
});

const stored = z.strictObject({
  slot,
  next: next.nullable(),
  formers: z.array(z.strictObject({ deployment, data: z.string().nullable() })).readonly(),
  bars: z.array(bar).readonly(),
  proven: z.record(checksum, z.array(count).readonly()).readonly(),
  data: z.string().nullable(),
  answers: z
    .record(checksum, z.strictObject({ asked: z.string(), specVersions }))
    .readonly()
    .default({}),
  updates: z
    .record(z.string(), z.strictObject({ from: z.string().nullable(), seen: z.array(checksum).readonly() }))
    .readonly()
    .default({}),
  chain,
  config: z.strictObject({ settings: z.strictObject(settings), initial: release.nullable() }),
  said,
});

const record = z.strictObject({ schema: z.literal(1), instance: stored });

/** Schema 1, read. @throws ZodError where it is anything else */
export function readSchema1(raw: unknown): Instance {
  const { instance }: { instance: Stored } = record.parse(raw);
  return { ...instance, volatile: atRest };
}

/** Schema 1, to be written. Parsed first: what could not be read again is not written. @throws ZodError */
export function writeSchema1(instance: Stored): z.input<typeof record> {
  return record.parse({ schema: 1, instance } satisfies z.input<typeof record>);
}
