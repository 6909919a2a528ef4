import { afterEach, describe, expect, it } from 'vitest';
import { startWatchdog } from '../../src/chain/network/watchdog.ts';
import { eager, impatient, until, type Watcher, watcher } from '../support/chain-watcher.ts';
import { type FaultyNode, faultyNode, type Intercept, type Storage, silentListener } from '../support/faulty-node.ts';
import { checksumOf, healthy, keys, releaseValue } from '../support/release-values.ts';

const named = (digest: string): Storage =>
  healthy({ [keys.current]: releaseValue('https://example.org/vault', digest) });

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(storage: Storage = named('a1'), number = 100): Promise<FaultyNode> {
  const node = await faultyNode();
  ends.push(node.stop);
  node.finalize(number, storage);
  return node;
}
function follow(endpoints: readonly string[], options: Partial<Parameters<typeof watcher>[0]> = {}): Watcher {
  const seen = watcher({ endpoints, ...options });
  ends.push(seen.feed.stop);
  return seen;
}
const current = (seen: Watcher) => seen.latest()?.current?.checksum ?? null;
const on =
  (method: string, act: (...about: Parameters<Intercept>) => void): Intercept =>
  (request, socket, node) => {
    if (request.method !== method) return false;
    act(request, socket, node);
    return true;
  };
const answer = (method: string, result: unknown): Intercept =>
  on(method, ({ id }, socket) => socket.send(JSON.stringify({ jsonrpc: '2.0', id, result })));

describe('an endpoint that cannot be used', () => {
  const read = 'state_queryStorageAt';
  const faults: readonly (readonly [string, Intercept, string])[] = [
    ['never answers', () => true, 'did not answer chain_getBlockHash'],
    ['never answers a read', on(read, () => undefined), `did not answer ${read}`],
    ['sends what is not JSON', on(read, (_, socket) => socket.send('{"jsonrpc":')), 'not JSON'],
    ['sends JSON that is no answer', on(read, (_, socket) => socket.send('[1,2,3]')), 'no JSON-RPC object'],
    [
      'sends an answer without a result',
      on(read, ({ id }, socket) => socket.send(JSON.stringify({ id }))),
      'neither result',
    ],
    [
      'sends an error for nobody',
      on(read, (_, socket) => socket.send('{"error":{"code":-32700},"id":null}')),
      'no request',
    ],
    ['sends bytes', on(read, (_, socket) => socket.send(Buffer.from([0, 1]))), 'binary'],
    ['sends a frame of 20 MB', on(read, (_, socket) => socket.send(`"${'x'.repeat(20_000_000)}"`)), 'payload'],
    ['closes in the middle', on(read, (_, socket) => socket.close(1011)), 'closed the connection (1011)'],
    ['cuts the line in the middle', on(read, (_, socket) => socket.terminate()), 'closed the connection (1006)'],
    [
      'refuses the read',
      on(read, ({ id }, s) => s.send(`{"id":${id},"error":{"code":4003,"message":"State\\npruned"}}`)),
      'State pruned',
    ],
    [
      'refuses the subscription',
      on('chain_subscribeFinalizedHeads', ({ id }, s) => s.send(`{"id":${id},"error":{"code":-32601}}`)),
      'refused',
    ],
    [
      'answers for another block',
      answer(read, [{ block: `0x${'11'.repeat(32)}`, changes: [] }]),
      'did not answer for the block',
    ],
    ['answers with nothing', answer(read, []), 'did not answer for the block'],
    [
      'leaves a key out',
      on(read, ({ id, params }, s) => s.send(JSON.stringify({ id, result: [{ block: params[1], changes: [] }] }))),
      'left out',
    ],
    [
      'sends a value that is not hex',
      on(read, ({ id, params }, s) => {
        const changes = (params[0] as string[]).map((key) => [key, 'https://']);
        s.send(JSON.stringify({ id, result: [{ block: params[1], changes }] }));
      }),
      'not hex',
    ],
    [
      'has no hash of its head',
      on('chain_getBlockHash', ({ id, params: [number] }, s, { genesis }) =>
        s.send(JSON.stringify({ id, result: number === 0 ? genesis : null })),
      ),
      'no hash of its block 100',
    ],
    [
      'sends a head that is none',
      on('chain_subscribeFinalizedHeads', ({ id }, s) => {
        s.send(`{"id":${id},"result":7}`);
        s.send('{"method":"x","params":{"subscription":7,"result":{"number":"99999"}}}');
      }),
      'without a block number',
    ],
  ];

  it.each(faults)('%s: is told, nothing is announced, and the next endpoint serves', async (_, fault, words) => {
    const [bad, good] = [await start(named('ee')), await start()];
    bad.intercept = fault;
    const tuning = words.startsWith('did not answer c') || words.endsWith(read) ? impatient : eager;
    const alone = follow([bad.endpoint], { tuning });
    await until(() => alone.trouble() !== null);
    expect(alone.trouble()?.message).toContain(words);
    expect(alone.trouble()?.message).not.toMatch(/[\n\r]/);
    expect(alone.feed.state()).toMatchObject({ readable: false, endpoints: [{ up: false }] });
    expect(alone.announced).toEqual([]);
    const both = follow([bad.endpoint, good.endpoint], { genesis: good.genesis, tuning });
    await until(() => current(both) === checksumOf('a1'));
    expect(both.announced).toHaveLength(1);
    expect(both.trouble()).toBeNull();
    expect(both.feed.state().endpoints.map(({ up }) => up)).toEqual([false, true]);
  });

  it('accepts TCP and never answers the handshake', async () => {
    const [silent, good] = [await silentListener(), await start()];
    ends.push(silent.stop);
    const seen = follow([silent.endpoint, good.endpoint], { tuning: impatient });
    await until(() => current(seen) === checksumOf('a1'));
    expect(seen.feed.state().endpoints[0]?.trouble).toContain('no handshake');
  });

  it('is not there', async () => {
    const [gone, good] = [await start(), await start()];
    const { endpoint } = gone;
    await gone.stop();
    const seen = follow([endpoint, good.endpoint]);
    await until(() => current(seen) === checksumOf('a1'));
    expect(seen.feed.state().endpoints[0]?.trouble).toContain('ECONNREFUSED');
  });

  it('tells no secret of its address', async () => {
    const gone = await start();
    const endpoint = `${gone.endpoint}/key-5ec7e7`;
    await gone.stop();
    const seen = follow([endpoint]);
    await until(() => seen.trouble() !== null);
    expect(`${seen.trouble()?.message}${seen.trouble()?.next}`).not.toContain('5ec7e7');
  });
});

describe('another chain', () => {
  it('is refused whatever it says, and the endpoint is marked; the right one is read', async () => {
    const foreign = await faultyNode({ genesis: `0x${'66'.repeat(32)}` });
    ends.push(foreign.stop);
    foreign.finalize(500, named('ee'));
    const good = await start();
    const seen = follow([foreign.endpoint, good.endpoint], { genesis: good.genesis.toUpperCase().replace('X', 'x') });
    await until(() => current(seen) === checksumOf('a1'));
    expect(seen.troubles[0]?.error?.message).toContain(`genesis is ${foreign.genesis}, not ${good.genesis}`);
    expect(seen.trouble()).toBeNull();
    expect(seen.feed.state().endpoints[0]).toMatchObject({
      up: false,
      trouble: expect.stringContaining('another chain'),
    });
    expect(new Set(foreign.requests.map(({ method }) => method))).toEqual(new Set(['chain_getBlockHash']));
    expect(seen.remembered).toEqual([]);
  });

  it('after the first contact is another one too', async () => {
    const good = await start();
    const foreign = await faultyNode({ genesis: `0x${'66'.repeat(32)}` });
    ends.push(foreign.stop);
    foreign.finalize(500, named('ee'));
    const seen = follow([good.endpoint, foreign.endpoint]);
    await until(() => current(seen) === checksumOf('a1'));
    await good.stop();
    await until(() => seen.feed.state().endpoints[1]?.trouble !== null);
    expect(seen.remembered).toEqual([good.genesis]);
    expect(current(seen)).toBe(checksumOf('a1'));
  });

  it('nothing is read of a chain that could not be remembered', async () => {
    const node = await start();
    const rememberGenesis = async () => {
      throw new Error('no space left on device');
    };
    const seen = follow([node.endpoint], { rememberGenesis });
    await until(() => seen.trouble() !== null);
    expect(seen.trouble()?.message).toContain('no space left');
    expect(node.requests.map(({ method }) => method)).not.toContain('state_queryStorageAt');
    expect(seen.feed.state().genesis).toBeNull();
  });
});

describe('finality', () => {
  it('below what was acted on before is not believed', async () => {
    const node = await start(named('ee'), 100);
    const seen = follow([node.endpoint], { floor: 5_000 });
    await until(() => seen.trouble() !== null);
    expect(seen.trouble()?.message).toContain('below 5000');
    node.finalize(5_001, named('b2'));
    await until(() => current(seen) === checksumOf('b2'));
    expect(seen.trouble()).toBeNull();
    expect(seen.announced).toHaveLength(1);
  });

  it('that is taken back ends the session and changes nothing', async () => {
    const node = await start();
    const seen = follow([node.endpoint]);
    await until(() => current(seen) === checksumOf('a1'));
    node.finalize(60, named('ee'));
    await until(() => seen.trouble() !== null);
    expect(seen.trouble()?.message).toContain('block 60');
    node.finalize(101, named('a1'));
    await until(() => seen.trouble() === null);
    expect(seen.announced.map((one) => one.announcement.current?.checksum)).not.toContain(checksumOf('ee'));
  });

  it('of two blocks at one height is told, and the second not read', async () => {
    const node = await start();
    const seen = follow([node.endpoint]);
    await until(() => current(seen) === checksumOf('a1'));
    node.finalize(100, named('ee'));
    await until(() => seen.trouble() !== null);
    expect(seen.trouble()?.message).toContain('another one than before');
    expect(current(seen)).toBe(checksumOf('a1'));
  });

  it('of another endpoint that is a little behind is waited for in silence', async () => {
    const [ahead, behind] = [await start(named('a1'), 100), await start(named('ee'), 95)];
    const seen = follow([ahead.endpoint, behind.endpoint]);
    await until(() => current(seen) === checksumOf('a1'));
    ahead.drop();
    await until(() => behind.requests.some(({ method }) => method === 'chain_subscribeFinalizedHeads'));
    behind.finalize(101, named('b2'));
    await until(() => current(seen) === checksumOf('b2'));
    expect(seen.troubles).toEqual([]);
    expect(seen.announced).toHaveLength(2);
  });

  it('that stands still sends us to the next endpoint, once told, until the chain goes on', async () => {
    // the same blocks on both, to the millisecond of their time
    const [before, after] = [named('a1'), named('b2')];
    const [stuck, good] = [await start(before), await start(before)];
    const seen = follow([stuck.endpoint, good.endpoint], { tuning: { ...eager, stall: 700 } });
    await until(() => seen.feed.state().stalls > 1);
    expect(seen.trouble()?.message).toContain('no higher and recent finalised block than 100');
    expect(seen.troubles).toHaveLength(1);
    stuck.finalize(101, after);
    good.finalize(101, after);
    await until(() => seen.trouble() === null);
    expect(current(seen)).toBe(checksumOf('b2'));
  });

  it('of old blocks only, one by one, is no progress where another endpoint has newer ones', async () => {
    const old = Date.now() - 3_600_000;
    const [syncing, good] = [await start(), await start()];
    const at = Buffer.alloc(8);
    at.writeBigUInt64LE(BigInt(old));
    const stale = { ...named('a1'), [keys.now]: `0x${at.toString('hex')}` };
    syncing.finalize(101, stale);
    let next = 102;
    const clock = setInterval(() => syncing.finalize(next++, stale), 20);
    ends.push(async () => clearInterval(clock));
    good.finalize(10_000, named('b2'));
    const seen = follow([syncing.endpoint, good.endpoint], { tuning: { ...eager, stall: 700 } });
    await until(() => current(seen) === checksumOf('b2'));
  });
});

describe('a connection that is lost', () => {
  it('catches what was published meanwhile, and tells everyone again', async () => {
    const node = await start();
    const seen = follow([node.endpoint]);
    await until(() => current(seen) === checksumOf('a1'));
    node.drop();
    node.finalize(101, named('b2'));
    await until(() => current(seen) === checksumOf('b2'));
    node.drop();
    await until(() => seen.announced.length === 3);
    expect(current(seen)).toBe(checksumOf('b2'));
    expect(seen.feed.state().reconnects).toBe(2);
    // it answered before and after: nobody is called for that
    expect(seen.troubles).toEqual([]);
  });

  it('half open, so that nobody hears of it, is noticed', async () => {
    const node = await start();
    const seen = follow([node.endpoint], { tuning: impatient });
    await until(() => current(seen) === checksumOf('a1'));
    node.answersPings = false;
    await until(() => seen.feed.state().reconnects > 0);
    node.answersPings = true;
    node.finalize(101, named('b2'));
    await until(() => current(seen) === checksumOf('b2'));
  });

  it('for long is one alarm, and one line in the log for each thing that is wrong', async () => {
    const node = await start();
    const lines: string[] = [];
    const quiet = () => undefined;
    const log = {
      debug: quiet,
      info: quiet,
      error: quiet,
      child: () => log,
      warn: (_: object, line: string) => void lines.push(line),
    };
    const seen = follow([node.endpoint], { log });
    await until(() => current(seen) === checksumOf('a1'));
    let tries = 0;
    node.intercept = on('chain_getBlockHash', (_, socket) => {
      tries += 1;
      socket.close(1013);
    });
    node.drop();
    await until(() => tries > 8);
    expect(seen.troubles).toHaveLength(1);
    expect(lines).toHaveLength(2);
    expect(current(seen)).toBe(checksumOf('a1'));
    node.intercept = null;
    await until(() => seen.trouble() === null);
  });
});

it('a watchdog that was stopped stays quiet, whoever feeds it', async () => {
  const barks: string[] = [];
  const stopped = startWatchdog(10, () => void barks.push('stopped'));
  stopped.stop();
  stopped.feed();
  startWatchdog(100, () => void barks.push('other'));
  await until(() => barks.length > 0);
  expect(barks).toEqual(['other']);
});

it('a network without endpoints is refused in words', () => {
  expect(() => watcher({ endpoints: [] })).toThrow(expect.objectContaining({ code: 'config' }));
});
