import { downtimeBefore, type Line, starts } from './journal.ts';
import { type Built, buildRelease } from './release.ts';
import type { HistoryLine, Network, Stage } from './stage.ts';

/** What an act shows: its words are printed as it goes, its outcome stands in the table at the end. */
export interface Act {
  readonly title: string;
  readonly intent: string;
  play(stage: Stage, say: (line: string) => void): Promise<Outcome>;
}

export interface Outcome {
  readonly happened: string;
  /** How long no client served, by the clients' own words; `null`: it was never down, or never up before. */
  readonly downtime: number | null;
}

/** Broken: the act shows something else than it promises. */
export function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Broken expectation: ${what}`);
}

const MIB = 2 ** 20;

export const acts: readonly Act[] = [
  {
    title: 'First start',
    intent: 'Both chains name v1.0.0; the daemon starts with an empty home and reads storage.',
    async play(stage, say) {
      const built = buildRelease({ version: '1.0.0', manner: 'steady' });
      await Promise.all([
        publish(stage, built),
        stage.kintsugi.setCurrentRelease(
          'vault',
          stage.files.put('/kintsugi/1.0.0/vault', built.bytes),
          built.checksum,
        ),
      ]);
      say('two releases are published by signed extrinsics');
      await stage.writeArgs();
      stage.startDaemon();
      await Promise.all((['kintsugi', 'interlay'] as const).map((network) => committed(stage, network, built)));
      return { happened: 'v1.0.0 runs and is committed on both networks', downtime: null };
    },
  },
  {
    title: 'An update',
    intent: 'set_vault_release names v1.1.0; its host is slow, so the download takes seconds.',
    async play(stage, say) {
      const built = buildRelease({ version: '1.1.0', manner: 'steady', bytes: 2 * MIB });
      await publish(stage, built, MIB);
      const fetching = await stage.until('interlay', 'the download runs', ({ next }) => next?.state === 'fetching');
      say(`while it is fetched, ${fetching.current?.version} serves as process ${fetching.child?.pid}`);
      await committed(stage, 'interlay', built);
      const lines = await stage.journal('interlay');
      const start = startOf(lines, '1.1.0');
      const fetched = await when(stage, 'interlay', 'fetched', '1.1.0');
      expect(
        lines.some(({ at, version }) => version === '1.0.0' && at > fetched - 200),
        'v1.0.0 serves until the download is through',
      );
      expect(
        largestGap(lines.filter(({ at }) => at > start.at - 2_500 && at < start.at && at < fetched)) < 1_000,
        'nobody is down during the download',
      );
      return {
        happened: 'v1.0.0 served during the download; v1.1.0 is committed',
        downtime: downtimeBefore(lines, start),
      };
    },
  },
  {
    title: 'A broken release',
    intent: 'v1.2.0 is what governance published, and it crashes on start.',
    async play(stage, say) {
      const built = buildRelease({ version: '1.2.0', manner: 'crash' });
      await publish(stage, built);
      const status = await stage.until(
        'interlay',
        'v1.2.0 is quarantined',
        ({ quarantined, child }) => child !== null && quarantined.some(({ checksum }) => checksum === built.checksum),
      );
      say(`reason: ${status.quarantined[0]?.reason}`);
      expect(status.current?.version === '1.1.0', 'v1.1.0 is the committed release');
      await stage.until(
        'interlay',
        'v1.1.0 is healthy again',
        ({ verdict, current }) => verdict === 'healthy' && current?.version === '1.1.0',
      );
      const lines = await stage.journal('interlay');
      const back = lines.filter(({ what, version }) => what === 'start' && version === '1.1.0').at(-1);
      expect(back !== undefined && back.at > startOf(lines, '1.2.0').at, 'v1.1.0 started again after v1.2.0');
      const left = lines.filter(({ version, at }) => version === '1.1.0' && at < startOf(lines, '1.2.0').at).at(-1);
      return {
        happened: 'v1.2.0 was tried, rolled back and quarantined; v1.1.0 serves',
        downtime: (back?.at ?? 0) - (left?.at ?? 0),
      };
    },
  },
  {
    title: 'Wrong bytes',
    intent: 'The chain names v1.3.0, and the server has other bytes.',
    async play(stage, say) {
      const before = await stage.until('interlay', 'a child serves', ({ child }) => child !== null);
      const built = buildRelease({ version: '1.3.0', manner: 'steady' });
      stage.files.put('/1.3.0/vault-interlay', buildRelease({ version: '6.6.6', manner: 'steady' }).bytes);
      await stage.interlay.publishVaultRelease('1.3.0', built.checksum);
      const status = await stage.until('interlay', 'the download is refused', ({ next }) => next?.retryAt != null);
      say(`refused: ${status.next?.waitsFor}`);
      const lines = await stage.journal('interlay');
      expect(status.child?.pid === before.child?.pid, 'the old child is the same process');
      expect(!lines.some(({ version }) => version === '6.6.6' || version === '1.3.0'), 'what was not proved never ran');
      return { happened: 'never run; the same process serves on', downtime: null };
    },
  },
  {
    title: 'A runtime upgrade',
    intent: 'On kintsugi v2.0.0 is pending for the next runtime; then the runtime is upgraded.',
    async play(stage, say) {
      const built = buildRelease({ version: '2.0.0', manner: 'steady', bytes: MIB });
      await stage.kintsugi.setPendingRelease(
        'vault',
        stage.files.put('/kintsugi/2.0.0/vault', built.bytes),
        built.checksum,
      );
      await history(
        stage,
        'kintsugi',
        'the pending release is fetched ahead',
        ({ event, checksum }) => event === 'fetched' && checksum === built.checksum,
      );
      const waiting = await stage.until('kintsugi', 'v1 serves on', ({ child }) => child !== null);
      expect(waiting.child?.checksum !== built.checksum, 'it is not switched before its runtime');
      say('fetched and verified ahead of time; v1.0.0 serves on');
      const transfers = stage.files.asked('/kintsugi/2.0.0/vault');
      const block = await stage.kintsugi.upgradeRuntime();
      say(`the runtime changed in block ${block.number}`);
      await committed(stage, 'kintsugi', built);
      expect(stage.files.asked('/kintsugi/2.0.0/vault') === transfers, 'nothing was fetched after the upgrade');
      const lines = await stage.journal('kintsugi');
      return {
        happened: 'switched the moment the runtime changed, without a download',
        downtime: downtimeBefore(lines, startOf(lines, '2.0.0')),
      };
    },
  },
  {
    title: 'A mistyped argument',
    intent: 'The operator adds --no-such-flag to the args file.',
    async play(stage, say) {
      await stage.writeArgs(['--no-such-flag']);
      const status = await stage.until(
        'interlay',
        'the edit is taken back',
        ({ quarantined, child, phase }) =>
          phase === 'running' && child !== null && quarantined.some(({ reason }) => reason.includes('--no-such-flag')),
      );
      say(`taken back: ${status.quarantined.find(({ reason }) => reason.includes('--no-such-flag'))?.reason}`);
      const healthy = await stage.until(
        'interlay',
        'the former arguments serve',
        ({ verdict }) => verdict === 'healthy',
      );
      expect(healthy.current?.version === '1.1.0', 'the release is the same');
      await stage.writeArgs();
      const lines = await stage.journal('interlay');
      const begun = starts(lines).at(-1);
      return { happened: 'tried, and taken back by itself', downtime: begun ? downtimeBefore(lines, begun) : null };
    },
  },
  {
    title: 'kill -9 of the daemon in mid-update',
    intent: 'v1.4.0 is on its way; the daemon is killed during the download, and again during the probation.',
    async play(stage, say) {
      const built = buildRelease({ version: '1.4.0', manner: 'steady', bytes: 2 * MIB });
      await publish(stage, built, MIB);
      await stage.until(
        'interlay',
        'the download runs',
        ({ next }) => next?.version === '1.4.0' && next.state === 'fetching' && (next.waitsFor ?? '').includes('MiB'),
      );
      await killAndStart(stage, 'during the download', say);
      await stage.until(
        'interlay',
        'v1.4.0 is on probation',
        ({ next, child }) => next?.state === 'probation' && child?.checksum === built.checksum,
      );
      await killAndStart(stage, 'during the probation', say);
      await committed(stage, 'interlay', built);
      const twice = await stage.overlaps();
      expect(twice.length === 0, `nothing ran twice, but: ${twice.join('; ')}`);
      const lines = await stage.journal('interlay');
      return {
        happened: 'it came back twice, v1.4.0 is committed, nothing ever ran twice',
        downtime: downtimeBefore(lines, startOf(lines, '1.4.0')),
      };
    },
  },
];

async function killAndStart(stage: Stage, when: string, say: (line: string) => void): Promise<void> {
  stage.daemon().kill('SIGKILL');
  say(`SIGKILL ${when}: the daemon ended with ${await stage.daemon().ended}; it is started again`);
  stage.startDaemon();
}

async function publish(stage: Stage, built: Built, bytesPerSecond?: number): Promise<void> {
  stage.files.put(
    `/${built.version}/vault-interlay`,
    built.bytes,
    bytesPerSecond === undefined ? {} : { bytesPerSecond },
  );
  await stage.interlay.publishVaultRelease(built.version, built.checksum);
}

function committed(stage: Stage, network: Network, { version, checksum }: Built): Promise<unknown> {
  return stage.until(
    network,
    `v${version} is committed`,
    ({ phase, verdict, current, child }) =>
      phase === 'running' && verdict === 'healthy' && current?.checksum === checksum && child?.checksum === checksum,
  );
}

async function history(
  stage: Stage,
  network: Network,
  what: string,
  holds: (line: HistoryLine) => boolean,
): Promise<HistoryLine> {
  for (let tries = 0; tries < 300; tries += 1) {
    const line = (await stage.history(network)).find(holds);
    if (line) return line;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${network}: ${what}: not in the history`);
}

async function when(stage: Stage, network: Network, event: string, version: string): Promise<number> {
  return Date.parse(
    (await history(stage, network, `${event} ${version}`, (line) => line.event === event && line.version === version))
      .at,
  );
}

function startOf(lines: readonly Line[], version: string): Line {
  const line = starts(lines).find((start) => start.version === version);
  if (line === undefined) throw new Error(`Broken expectation: ${version} was started`);
  return line;
}

const largestGap = (lines: readonly Line[]): number =>
  Math.max(0, ...lines.slice(1).map(({ at }, index) => at - (lines[index]?.at ?? at)));
