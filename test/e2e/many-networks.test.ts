import { expect, onTestFinished, test } from 'vitest';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import { ask } from '../doctor/support/room.ts';
import { type FaultyNode, faultyNode, type Storage } from '../support/faulty-node.ts';
import { createFleet, type Fleet, type Told } from '../support/many-networks.ts';
import { clientsInfoKey, compactOf, healthy as wellStored } from '../support/release-values.ts';
import { createWorld, runs } from '../support/world.ts';

const OTHER = `0x${'77'.repeat(32)}`;
const [UPDATING, STARTING, SETTLING] = [2, 3, 1_000];
const names: Readonly<Record<string, readonly string[]>> = {
  kintsugi: ['vault', 'oracle', 'faucet'],
  interlay: ['vault', 'oracle'],
  pendulum: ['vault', 'second'],
  amplitude: ['vault'],
  foucoco: ['vault'],
  testchain: ['vault'],
};
const places = Object.entries(names).flatMap(([network, clients]) => clients.map((client) => `${network}/${client}`));
const ill = ['amplitude/vault', 'foucoco/vault', 'testchain/vault'];
const healthy = places.filter((place) => !ill.includes(place));

type Networks = Record<string, { endpoints: string[]; genesis?: string; clients: Record<string, object> }>;

test('six networks and ten clients in one daemon: updated in turn, and what ails one network is nothing to the others', {
  timeout: 240_000,
}, async () => {
  const world = await createWorld();
  const fleet = await createFleet(world);
  const main = await startDevChain();
  const testnet = await faultyNode();
  let reset: FaultyNode | null = null;
  onTestFinished(async () => {
    await Promise.all([main.stop(), testnet.stop(), reset?.stop()]);
  });

  const networks = networksOn(main, testnet, fleet);
  const write = (more: object = {}) =>
    world.write(
      {},
      {
        ...{ networks, maxUpdating: UPDATING, maxStarting: STARTING },
        defaults: {
          health: {
            minHealthyTime: `${SETTLING}ms`,
            healthyDeadline: '60s',
            probes: [{ log: 'Starting all services' }],
          },
          download: { retry: { after: '200ms', max: '1s' } },
        },
        ...more,
      },
    );

  // a first start: the same bytes for all, from one address or another
  const first = fleet.release('1.0.0');
  await publish(main, first, '1.0.0');
  testnet.finalize(1_000, naming(first));
  await write();
  world.start();
  await fleet.untilAll('runs', places, runs(first));
  expect(fleet.asked('1.0.0')).toBe(1);
  expect(quickest(await fleet.told(places))).toBeGreaterThanOrEqual(SETTLING - 20);
  expect((await world.run('status')).code).toBe(0);

  // an update of all
  const second = fleet.release('1.1.0');
  testnet.finalize(1_001, naming(second));
  await publish(main, second, '1.1.0');
  await fleet.untilAll('is updated', places, runs(second));
  expect(fleet.asked('1.1.0')).toBe(1);
  expect(atOnce(await fleet.told(places))).toBeLessThanOrEqual(UPDATING);

  // one endpoint is dead, one network is said to be another chain, one testnet was reset
  const before = await pids(fleet);
  const port = Number(new URL(testnet.endpoint).port);
  await testnet.stop();
  reset = await faultyNode({ port, genesis: OTHER });
  networks['amplitude'] = { ...networks['amplitude']!, endpoints: ['ws://127.0.0.1:1'] };
  networks['testchain'] = { ...networks['testchain']!, genesis: OTHER };
  await write();
  await fleet.untilAll('its source cannot be read', ill, ({ trouble }) => trouble !== null);
  const third = fleet.release('1.2.0');
  reset.finalize(3, naming(third));
  await publish(main, third, '1.2.0');
  await fleet.untilAll('is updated beside them', healthy, runs(third));
  const after = await pids(fleet);
  for (const place of ill) expect(after.get(place)).toBe(before.get(place));
  const troubles = new Map((await fleet.all()).map((one) => [`${one.network}/${one.client}`, one]));
  expect(troubles.get('foucoco/vault')?.trouble).toContain('serves another chain');
  expect(troubles.get('testchain/vault')?.trouble).toContain('serves another chain');
  for (const place of ill)
    expect(troubles.get(place)).toMatchObject({ phase: 'running', current: { checksum: second.checksum } });
  for (const place of healthy) expect(troubles.get(place)?.ok).toBe(true);
  const told = (await ask(world.config, ['endpoints', 'genesis'])).filter(({ state }) => state === 'error');
  expect(told.map(({ about, id }) => `${about} ${id}`).sort()).toEqual([
    'amplitude endpoints',
    'foucoco genesis',
    'testchain genesis',
  ]);

  // the operator comes: the testnet's new genesis, a client more, a client changed, a client less
  networks['foucoco'] = { ...networks['foucoco']!, genesis: OTHER };
  const release = { source: 'clients-info', client: 'vault' };
  networks['kintsugi']!.clients['third'] = { release, identity: 'kintsugi/third' };
  networks['interlay']!.clients['oracle'] = { ...networks['interlay']!.clients['oracle'], env: { RUST_LOG: 'debug' } };
  delete networks['pendulum']!.clients['second'];
  await write();
  expect((await world.run('apply', '--allow-remove')).code).toBe(0);
  await world.until('the new one runs', runs(third), 'kintsugi/third');
  await world.until('the reset testnet is read again', runs(third), 'foucoco/vault');
  await world.until(
    'the changed one is started anew',
    (one) => runs(third)(one) && one.child?.pid !== after.get('interlay/oracle'),
    'interlay/oracle',
  );
  const last = await pids(fleet);
  expect(last.has('pendulum/second')).toBe(false);
  for (const place of healthy.filter((one) => !['interlay/oracle', 'pendulum/second'].includes(one)))
    expect(`${place} ${last.get(place)}`).toBe(`${place} ${after.get(place)}`);
  const everything = await fleet.told([...places, 'kintsugi/third']);
  expect(everything.filter(({ what }) => what === 'overlap')).toEqual([]);
  expect(atOnce(everything)).toBeLessThanOrEqual(UPDATING);
});

function networksOn(main: DevChain, testnet: FaultyNode, { url }: Fleet): Networks {
  const client = (network: string, name: string) => {
    const registry = { source: 'vault-registry', url: `${url}/{version}/vault` };
    const release = network === 'pendulum' ? registry : { source: 'clients-info', client: 'vault' };
    return [name, { release, identity: `${network}/${name}` }] as const;
  };
  return Object.fromEntries(
    Object.entries(names).map(([network, clients]) => {
      const endpoints = [network === 'foucoco' ? testnet.endpoint : main.endpoint];
      return [network, { endpoints, clients: Object.fromEntries(clients.map((name) => client(network, name))) }];
    }),
  );
}

/** Names a release for everybody who reads the main chain. */
async function publish(
  chain: DevChain,
  { uri, checksum }: { uri: string; checksum: string },
  version: string,
): Promise<void> {
  await chain.setCurrentRelease('vault', uri, checksum);
  await chain.publishVaultRelease(version, checksum);
}

/** What a testnet stores that names a release. */
function naming({ uri, checksum }: { uri: string; checksum: string }): Storage {
  const text = Buffer.from(uri);
  const value = `0x${Buffer.concat([compactOf(text.length), text]).toString('hex')}${checksum.slice(2)}`;
  return wellStored({ [clientsInfoKey('Current', 'vault')]: value });
}

const pids = async (fleet: Fleet): Promise<ReadonlyMap<string, number | undefined>> =>
  new Map((await fleet.all()).map(({ network, client, child }) => [`${network}/${client}`, child?.pid]));

/** The shortest time within which one more was started than may start at once. */
function quickest(told: readonly Told[]): number {
  const starts = told.flatMap(({ what, started }) => (what === 'start' ? [started] : [])).sort((a, b) => a - b);
  const spans = starts.slice(STARTING).map((at, index) => at - (starts[index] ?? 0));
  return Math.min(...spans);
}

/** How many were between two releases at once: from when one was asked to leave to when its next was started. */
function atOnce(told: readonly Told[]): number {
  const gaps = told.flatMap(({ place, what, at, version }) => {
    const next = told.find((one) => one.place === place && one.what === 'start' && one.started > at);
    return what === 'asked' && next !== undefined && next.version !== version ? [{ from: at, to: next.started }] : [];
  });
  return Math.max(0, ...gaps.map(({ from }) => gaps.filter((one) => one.from <= from && from < one.to).length));
}
