import { hash, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Agent, startAgent } from '../../src/agent/agent.ts';
import { LONGEST, PROTOCOL } from '../../src/agent/protocol.ts';
import { dial } from '../../src/agent/session.ts';
import { homeAt } from '../../src/layout.ts';
import { silentLog } from '../../src/log.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { save } from '../support/process/request.ts';
import { scratch, until } from '../support/process/scratch.ts';
import { wire } from './wire.ts';

const hello = { type: 'hello', protocol: PROTOCOL, version: '0', role: 'command', who: 'a test' } as const;
const never = new AbortController().signal;

/** An agent in this process, and a client that says its variables and stays. */
async function place() {
  const folder = scratch();
  const socket = join(folder, 'run', 'agent.sock');
  const home = join(folder, 'home');
  let output = '';
  const start = (): Promise<Agent> =>
    startAgent({
      socket,
      locks: join(folder, 'locks'),
      version: '1',
      log: silentLog,
      save,
      passOn: (bytes) => (output += bytes.toString()),
    });
  const agent = await start();
  onTestFinished(() => agent.stop());
  const deployment = 'd'.repeat(64);
  const { root } = homeAt(home).instance('n', 'c').deployment(deployment);
  mkdirSync(root, { recursive: true });
  const program = join(root, 'client');
  const text = '#!/bin/sh\necho "seed=$SEED arg=$1"\ntrap "exit 3" INT\nwhile :; do sleep 0.02; done\n';
  writeFileSync(program, text, { mode: 0o755 });
  const order = {
    type: 'run',
    id: randomUUID(),
    network: 'n',
    client: 'c',
    genesis: null,
    home,
    deployment,
    program,
    sha256: hash('sha256', text, 'hex'),
    args: [] as string[],
    env: {} as Record<string, string>,
    cwd: join(homeAt(home).instance('n', 'c').data),
    texts: ['seed='],
    identity: { rule: 'text', text: folder },
    exclusive: [],
    strangers: { policy: 'wait', keyFiles: [], keyName: null, pidFiles: [], texts: [], except: [], account: null },
    stop: { signal: 'SIGINT', grace: 5_000 },
  } as const;
  const said = (line: ReturnType<typeof wire>, type: string) =>
    until(() => line.heard().find((one) => one['type'] === type));
  /** A client that runs, and the connection that started it. */
  const running = async (own: object = {}) => {
    const line = wire(socket);
    line.send(hello);
    line.send({ ...order, ...own });
    await said(line, 'ready');
    line.send({ type: 'go', id: order.id });
    const { running: child } = (await said(line, 'started')) as { running: { pid: number } };
    return { line, pid: child.pid };
  };
  return { agent, start, socket, folder, home, order, said, running, output: () => output };
}

const state = async (socket: string) => {
  const found = await dial(socket, { version: '1', who: 'a test', role: 'look' }, never);
  return 'send' in found ? found.state() : found;
};

test('secrets are put in by the agent, its lines are passed on, and its end is told until it is heard', async () => {
  const { folder, socket, order, said, running, output } = await place();
  vi.stubEnv('GIVEN', 'from-a-variable');
  onTestFinished(() => void vi.unstubAllEnvs());
  writeFileSync(join(folder, 'key'), 'from-a-file\r\n');
  const { line, pid } = await running({
    env: { SEED: `{secret:file:${folder}/key}` },
    args: ['{secret:env:GIVEN}'],
  });
  await said(line, 'seen');
  expect(output()).toContain('seed=from-a-file arg=from-a-variable\n');
  expect(line.heard().find(({ type }) => type === 'started')).toMatchObject({
    adopted: false,
    running: { phase: 'up', pid },
  });
  line.end();
  await line.closed;
  process.kill(pid, 'SIGINT');
  await until(() => processAt(pid) === null);
  const told = {
    id: order.id,
    exit: { code: 3, asked: false, lastLines: ['seed=… arg=…'], seen: ['seed='] }, // the daemon never learns them
  };
  await until(async () => 'ended' in (await state(socket)) && ((await state(socket)) as { ended: unknown }).ended);
  expect(await state(socket)).toMatchObject({ running: null, ended: told });
  const next = wire(socket);
  next.send(hello);
  expect(await said(next, 'hello')).toMatchObject({ ended: told });
  next.send({ type: 'heard', id: order.id });
  await until(async () => ((await state(socket)) as { ended: unknown }).ended === null);
});

test.each<[string, (line: ReturnType<typeof wire>, order: object) => void, string]>([
  ['no JSON', (line) => line.say('GET / HTTP/1.1\r\n\r\n'), 'a line that is no JSON'],
  [
    'a message of nobody',
    (line) => line.send({ type: 'exec', command: 'sh' }),
    'a message that this version does not know (type)',
  ],
  ['a field too many', (line) => line.send({ ...hello, more: 1 }), 'a message that this version does not know'],
  ['a command before the hello', (line) => line.send({ type: 'go', id: randomUUID() }), 'a command before its hello'],
  [
    'another protocol',
    (line) => line.send({ ...hello, protocol: PROTOCOL + 1 }),
    `the daemon (0) speaks protocol ${PROTOCOL + 1}, and this agent (1) ${PROTOCOL}`,
  ],
  ['a line without an end', (line) => line.say('x'.repeat(LONGEST + 10)), `a message longer than ${LONGEST} bytes`],
  ['bytes that are no text', (line) => line.say('\xff\xfe\0\n'), 'a line that is no JSON'],
  [
    'a program elsewhere',
    (line, order) => {
      line.send(hello);
      line.send({ ...order, program: '/bin/../bin/sh' });
    },
    'a message that this version does not know (program)',
  ],
])('%s ends the connection, and neither the agent nor its client', async (_, say, words) => {
  const { socket, order, running } = await place();
  const first = wire(socket);
  say(first, order);
  await first.closed;
  expect(first.heard().at(-1)).toMatchObject({ type: 'fault', message: expect.stringContaining(words) });
  const { line, pid } = await running();
  line.say('{}\n');
  await line.closed;
  expect(processAt(pid)).not.toBeNull();
  expect(await state(socket)).toMatchObject({ running: { pid, phase: 'up' } });
});

test('a second daemon is refused with the name of the first, and may only look', async () => {
  const { socket, running } = await place();
  const { pid } = await running();
  const second = wire(socket);
  second.send({ ...hello, who: 'another' });
  await second.closed;
  expect(second.heard()).toEqual([{ type: 'busy', who: 'a test' }]);
  expect(await state(socket)).toMatchObject({ running: { pid } });
});

test('what a daemon did not tell to go is not started when it dies', async () => {
  const { socket, order, said } = await place();
  const line = wire(socket);
  line.send(hello);
  line.send(order);
  await said(line, 'ready');
  line.end();
  await until(async () => ((await state(socket)) as { running: unknown }).running === null);
  expect(await state(socket)).toMatchObject({ ended: null });
});

test.each<[string, (on: Awaited<ReturnType<typeof place>>) => object, string]>([
  [
    'another program than was proved',
    ({ order }) => {
      chmodSync(order.program, 0o755);
      writeFileSync(order.program, '#!/bin/sh\nexit 0\n');
      return {};
    },
    'when it was proved',
  ],
  ['no program', () => ({ deployment: 'e'.repeat(64) }), 'does not lie in'],
  ['a program outside of its deployment', () => ({ program: '/bin/sh' }), '/bin/sh does not lie in'],
])('%s is refused in words, and nothing is started', async (_, change, words) => {
  const on = await place();
  const line = wire(on.socket);
  line.send(hello);
  line.send({ ...on.order, ...change(on) });
  expect(await on.said(line, 'refused')).toMatchObject({
    id: on.order.id,
    final: false,
    message: expect.stringContaining(words),
  });
  expect(line.heard().map(({ type }) => type)).not.toContain('ready');
});

test('a secret that is not there is refused while another serves, and waited for by what is to start', async () => {
  const { folder, socket, order, said } = await place();
  const { network, client, home, deployment, program, sha256 } = order;
  const laid = { network, client, home, deployment, program, sha256 };
  const missing = { args: [`{secret:file:${folder}/later}`], env: {} };
  const line = wire(socket);
  line.send(hello);
  line.send({ type: 'check', id: randomUUID(), ...laid, ...missing });
  const words = `The secret of ${folder}/later cannot be read`;
  expect(await said(line, 'refused')).toMatchObject({ final: false, message: expect.stringContaining(words) });
  line.send({ ...order, ...missing });
  expect(await said(line, 'blocked')).toMatchObject({ words: expect.stringContaining(words) });
  expect(line.heard().map(({ type }) => type)).not.toContain('ready');
  writeFileSync(join(folder, 'later'), 'there');
  await said(line, 'ready');
  line.send({ type: 'check', id: randomUUID(), ...laid, ...missing });
  await said(line, 'checked');
});

test('one that waits for its secret is let go when it is told to stop', async () => {
  const { folder, socket, order, said } = await place();
  const { network, client, home, stop } = order;
  const line = wire(socket);
  line.send(hello);
  line.send({ ...order, args: [`{secret:file:${folder}/never}`] });
  await said(line, 'blocked');
  line.send({ type: 'stop', stop, network, client, home });
  await said(line, 'idle');
  expect(await state(socket)).toMatchObject({ running: null });
});

test('a stop that was asked goes on without its daemon: what does not leave is killed after its grace', async () => {
  const { socket, order, running } = await place();
  const deaf = '#!/bin/sh\ntrap "" INT\nwhile :; do sleep 0.02; done\n';
  writeFileSync(order.program, deaf);
  const { line, pid } = await running({ sha256: hash('sha256', deaf, 'hex') });
  const { network, client, home } = order;
  line.send({ type: 'stop', stop: { signal: 'SIGINT', grace: 300 }, network, client, home });
  await until(
    async () => ((await state(socket)) as { running: { phase: string } | null }).running?.phase === 'leaving',
  );
  line.end();
  await until(() => processAt(pid) === null);
  await until(async () => ((await state(socket)) as { ended: unknown }).ended);
  expect(await state(socket)).toMatchObject({ ended: { exit: { signal: 'SIGKILL', asked: true } } });
});

test('one agent for a socket; a stale socket is replaced; a folder that others may reach is refused', async () => {
  const { agent, start, socket, folder } = await place();
  await expect(start()).rejects.toMatchObject({
    code: 'busy',
    message: expect.stringContaining('another agent serves agent.sock'),
  });
  await agent.stop();
  const stale = createServer().listen(socket);
  await new Promise((resolve) => stale.once('listening', resolve));
  stale.close();
  writeFileSync(socket, 'left over');
  const next = await start();
  expect(await state(socket)).toMatchObject({ running: null });
  await next.stop();
  chmodSync(join(folder, 'run'), 0o755);
  await expect(start()).rejects.toMatchObject({ code: 'permission', next: expect.stringContaining('chmod 0700') });
  expect(() => readFileSync(socket)).toThrow();
});

test.each<[string, string, string]>([
  ['garbage', 'hello there\n', 'hung up: a line that is no JSON'],
  [
    'another version',
    `${JSON.stringify({ type: 'hello', protocol: 9, version: '9', agent: randomUUID(), running: null, ended: null })}\n`,
    `speaks protocol 9, and this daemon ${PROTOCOL}`,
  ],
  ['nothing', '', 'hung up'],
])('an agent that says %s is no agent to a daemon', async (_, bytes, words) => {
  const folder = scratch();
  chmodSync(folder, 0o700);
  const socket = join(folder, 's');
  const server = createServer((connection) => connection.end(bytes)).listen(socket);
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  expect(await dial(socket, { version: '1', who: 'a test', role: 'command' }, never)).toMatchObject({
    why: 'other',
    words: expect.stringContaining(words),
  });
});
