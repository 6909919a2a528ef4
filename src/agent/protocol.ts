import { z } from 'zod';

/**
 * What a daemon and an agent say to each other: one JSON object on a line, UTF-8, over a Unix socket (docs/containers.md, "The protocol"). Both sides
 * read strictly: a message that is not exactly one of these ends the connection, never anything else. A field that is added makes another version.
 */
export const PROTOCOL = 2;

/** Bytes of one message. Arguments and environment of one program are limited by the kernel to two megabytes. */
export const LONGEST = 4 * 1024 * 1024;

/** The kernel would end a text there. */
const text = z.string().refine((value) => !value.includes('\0'));
const path = text.refine((value) => value.startsWith('/') && !value.split('/').includes('..'));
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const id = z.string().regex(/^[0-9a-f-]{36}$/);
const millis = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** As the args file allows it: it becomes a folder. */
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const stop = z.strictObject({
  signal: z.enum(['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']),
  grace: millis.nullable(),
});

const identity = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('text'), text }),
  z.strictObject({ rule: z.literal('file'), path }),
  z.strictObject({ rule: z.literal('keyfile'), path: path.nullable(), keyname: text.nullable() }),
  z.strictObject({ rule: z.literal('home') }),
]);

/** Whose child is looked for beside ours (docs/configuration.md, "Strangers"). */
const strangers = z.strictObject({
  policy: z.enum(['wait', 'ignore']),
  keyFiles: z.array(path),
  keyName: text.nullable(),
  pidFiles: z.array(path),
  texts: z.array(text),
  except: z.array(text),
  account: text.nullable(),
});

/** Which program, and where it lies. */
const laid = {
  network: name,
  client: name,
  home: path,
  deployment: hex64,
  program: path,
  sha256: hex64,
};

/** With what it is started. Secrets are named in it, never written: the agent puts them in (put-in.ts). */
const start = { args: z.array(text), env: z.record(text, text) };

/** What is to run. */
const order = z.strictObject({
  type: z.literal('run'),
  id,
  ...laid,
  ...start,
  genesis: text.nullable(),
  cwd: path,
  texts: z.array(text),
  identity,
  exclusive: z.array(text),
  strangers,
  stop,
});

/** Of a daemon. `look`: only to be told what runs; nothing is commanded, and the connection ends with the answer. */
export const fromDaemon = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.number().int(),
    version: text,
    role: z.enum(['command', 'look']),
    who: text,
  }),
  order,
  z.strictObject({ type: z.literal('go'), id }),
  /** Could it start in the agent's container, and are its secrets there? Asked while the former release still serves. Answered by `checked` or `refused`. */
  z.strictObject({ type: z.literal('check'), id, ...laid, ...start }),
  /** Ends what runs, if anything does. Answered by `idle` when it is proved that nothing is left. */
  z.strictObject({ type: z.literal('stop'), stop, network: name, client: name, home: path }),
  /** The end of this run was told, and is not to be told again. */
  z.strictObject({ type: z.literal('heard'), id }),
]);

const exit = z.strictObject({
  code: z.number().int().nullable(),
  signal: text.nullable(),
  cause: text,
  uptime: millis,
  asked: z.boolean(),
  lastLines: z.array(text),
  seen: z.array(text),
});

/** `preparing`: nothing is started yet. `leaving`: it was asked to leave. `age`: since its start. */
const running = z.strictObject({
  id,
  deployment: hex64,
  phase: z.enum(['preparing', 'up', 'leaving']),
  pid: z.number().int().nullable(),
  age: millis,
  texts: z.array(text),
  seen: z.array(text),
});

const ended = z.strictObject({ id, deployment: hex64, exit });

/** Of an agent. */
export const fromAgent = z.discriminatedUnion('type', [
  /** `agent`: another one after each start of the agent. */
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.number().int(),
    version: text,
    agent: id,
    running: running.nullable(),
    ended: ended.nullable(),
  }),
  /** Another daemon commands it. */
  z.strictObject({ type: z.literal('busy'), who: text }),
  /** Every lock is had, the bytes were hashed, the secrets are there: it starts when it is told to. */
  z.strictObject({ type: z.literal('ready'), id }),
  z.strictObject({ type: z.literal('checked'), id }),
  z.strictObject({ type: z.literal('started'), adopted: z.boolean(), running }),
  /** A line of this start holds the text. */
  z.strictObject({ type: z.literal('seen'), id, text }),
  /** Why it cannot start yet; `null`: nothing is in its way. */
  z.strictObject({ type: z.literal('blocked'), words: text.nullable() }),
  /** What a dead supervisor had left was ended. */
  z.strictObject({ type: z.literal('orphans'), pids: z.array(z.number().int()) }),
  z.strictObject({ type: z.literal('ended'), ended }),
  /** It was not started. `final`: the next attempt would end so too. */
  z.strictObject({
    type: z.literal('refused'),
    id,
    code: z.enum(['config', 'io', 'permission', 'bug', 'protocol']),
    message: text,
    next: text,
    final: z.boolean(),
  }),
  z.strictObject({ type: z.literal('idle') }),
  /** The last word before it closes: what it was sent is none of the protocol. */
  z.strictObject({ type: z.literal('fault'), message: text }),
]);

export type FromDaemon = z.infer<typeof fromDaemon>;
export type FromAgent = z.infer<typeof fromAgent>;
export type Laid = Pick<Order, keyof typeof laid>;
export type Order = z.infer<typeof order>;
export type RunningChild = z.infer<typeof running>;
export type EndedChild = z.infer<typeof ended>;
export type SaidExit = z.infer<typeof exit>;
