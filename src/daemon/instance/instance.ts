import { isDeepStrictEqual } from 'node:util';
import type { ReleaseEvent } from '../../chain/events/release-event.ts';
import type { Announcement, Block, Sighting } from '../../chain/source.ts';
import { configFor } from '../../config/config-for.ts';
import type { ClientConfig } from '../../config/settings.ts';
import { born } from '../../core/born.ts';
import type { DeploymentId, Settings } from '../../core/deployment.ts';
import type { InstanceEvent } from '../../core/events.ts';
import type { Instance, UpdateId } from '../../core/instance.ts';
import type { ChainStatus } from '../../core/instance-status.ts';
import type { Notice } from '../../core/notices/notice.ts';
import { notices } from '../../core/notices.ts';
import { occupant, serving } from '../../core/occupancy.ts';
import type { Policy } from '../../core/policy.ts';
import { heldBackBy, isChildWanted } from '../../core/questions.ts';
import { statusOf } from '../../core/status.ts';
import { shifted } from '../../core/times.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import type { InstanceLook } from '../../observe/look.ts';
import { removeLeftovers } from '../../store/atomic-write.ts';
import { dropFormer, loadState, saveState } from '../../store/state-record.ts';
import { runningAtAgent } from '../agent/clear-agent.ts';
import { createAgentPort } from '../agent/port.ts';
import { type Controller, createController } from '../controller.ts';
import { restoreByHand, resumeByHand } from '../data/by-hand.ts';
import { finishMoves } from '../data/finish.ts';
import { openGatekeeper } from '../gates/gatekeeper.ts';
import { placeOf } from '../gates/place.ts';
import { createCopyGuard } from '../guard/copy-guard.ts';
import { createReconciler, type Reconciler } from '../reconciler.ts';
import { watchRedeem } from '../redeem/redeem-watch.ts';
import type { Services } from '../services.ts';
import { execute } from '../tasks/execute.ts';
import { leaveGate } from '../tasks/gate.ts';
import { adoptable } from './adoptable.ts';
import { type Cell, createCell, judgedBy } from './cell.ts';
import { clearOrphan } from './clear-orphan.ts';
import { createDiscretion } from './discretion.ts';
import { tellBlocked } from './guard.ts';
import { disown, watchClaims } from './identity.ts';
import { initialRelease } from './initial.ts';
import { learnSecrets } from './learn-secrets.ts';
import { liveOf, servingPid, stuckWords, waitsFor } from './live.ts';
import { outlookOf } from './outlook.ts';
import { policyOf } from './policy.ts';
import { keepIn, settingsNow } from './settings.ts';
import { createTeller } from './teller.ts';

/** One network and one client, alive: its value, its tasks, its history. */
export interface RunningInstance {
  readonly network: string;
  readonly client: string;
  /** The file says something else of it from now on. */
  configure(config: ClientConfig, genesis: string | null): Promise<void>;
  announce(announcement: Announcement): void;
  /** What its account was at a finalised block. */
  seen(sighting: Sighting): void;
  /** A person wants it started; `skip`: who says so whatever its account signs. */
  wanted(skip: string | null): Promise<void>;
  /** A person wants the data put back as they were before an update. @throws VisorError where that cannot be */
  restore(update: UpdateId): Promise<void>;
  /** A person's act; rejects where it could not be saved. */
  ask(event: InstanceEvent): Promise<void>;
  value(): Instance;
  policy(): Policy;
  config(): ClientConfig;
  /** The same without the client's secrets. */
  quiet<T>(value: T): T;
  /** Reads the secrets that its start only names, so that `quiet` knows those of runs before this daemon too. */
  learnSecrets(): Promise<void>;
  /** Deployments whose files a process executes now. */
  inUse(): readonly DeploymentId[];
  /** This deployment no longer lies on disk. */
  forget(id: DeploymentId): void;
  status(around: Around): InstanceLook;
  /** For the history: what the block said in which its releases changed. */
  decoded(events: readonly ReleaseEvent[], block: Block): void;
  /** What a stop of it waits for, in words. */
  waitsFor(): readonly string[];
  /** What of it does not move any more, in words; `null`: it is alive. */
  stuck(): string | null;
  stop(): Promise<void>;
  /** After its stop, where the file no longer names it: what it may hold of others is given back. */
  leave(): Promise<void>;
}

/** What is known of an instance from outside of it. */
export interface Around {
  readonly configured: boolean;
  readonly chain: ChainStatus | null;
  readonly trouble: string | null;
}

/**
 * Takes up an instance where its state on disk left it.
 * @throws VisorError if that state is damaged or of a newer version: it is never guessed and never overwritten.
 */
export async function openInstance(
  config: ClientConfig,
  genesis: string | null,
  services: Services,
  observe: (notice: Notice, line: object) => void,
): Promise<RunningInstance> {
  const { network, client } = config;
  let present = { config, genesis };
  let controller: Controller;
  let isBorn = false;
  const secrets = new Set<string>();
  const discretion = createDiscretion(
    () => present.config,
    () => (isBorn ? controller.value() : null),
    secrets,
  );
  const { quiet } = discretion;
  const log = discretion.log(services.log.child({ network, client }));
  const folder = services.home.instance(network, client);
  await removeLeftovers(folder.root);
  await finishMoves(folder, log);
  const loaded = await loadState(folder);
  const formerly = loaded.found === 'state' ? loaded.instance.config.settings : null;
  const settings = await settingsNow(config, formerly, keepIn(services.blobs), log);
  let unsaved: string | null = null;
  const stopping = new AbortController();
  const teller = createTeller({
    network,
    client,
    history: folder.history,
    log,
    drift: services.clock.drift,
    quiet,
    observe,
  });
  const copies = createCopyGuard({
    config: () => present.config,
    folder,
    log,
    notice: teller.notice,
    blocked: (words) => tellBlocked(words, cell),
    ask: () => services.ask(network),
    skip: services.skipGuard,
    now: Date.now,
  });
  const gates = await openGatekeeper({
    path: folder.gatesRecord,
    log,
    signal: stopping.signal,
    value: () => controller.value(),
    policy: () => policyNow(),
    config: () => present.config,
    place: () => placeOf(cell, null),
    now: services.clock.now,
    alarm: (about, reason) => teller.notice({ event: 'alarm', about, reason }),
  });
  const cell: Cell = createCell({
    services,
    secrets,
    quiet,
    folder,
    log,
    gates,
    value: () => controller.value(),
    stopping: stopping.signal,
    config: () => present.config,
    genesis: () => present.genesis,
    pinnedUri: () => controller.value().said.pinned?.release.uri ?? null,
    notice: teller.notice,
    copies,
    agent: createAgentPort(services.version, services.home.root),
  });

  const redeem = watchRedeem(
    {
      config: () => present.config,
      record: folder.redeemRecord,
      log,
      notice: teller.notice,
      clock: services.clock,
      serving: () => servingPid(controller.value(), cell),
    },
    stopping.signal,
  );

  const first = loaded.found === 'state' ? loaded.instance : born(settings, null);
  if (first.slot.at === 'running') cell.lastStart.set({ id: first.slot.deployment.id, leftBy: 'boot' });
  const orphan = isChildWanted(first) ? Promise.resolve() : clearOrphan(cell);
  const reconciler: Reconciler = createReconciler(
    {
      start: (task, stage) => execute(task, cell, stage),
      ended: (event) => controller.tell('reason' in event ? { ...event, reason: quiet(event.reason) } : event),
      broke: (task, error) =>
        log.error({ task: task.do, reason: sentenceOf(error) }, 'a task broke; this is a bug, please report it'),
    },
    orphan,
  );

  /** As it is for the release that has the slot. */
  const policyNow = () =>
    policyOf(configFor(present.config, occupant(controller.value().slot)?.release ?? null), redeem.isCritical());

  controller = createController(first, {
    policy: policyNow,
    moment: () => ({ now: services.clock.now(), chance: Math.random() }),
    save: (instance) => saveState(folder, instance),
    want: (tasks) => reconciler.want(tasks),
    observe(before, event, after) {
      for (const notice of notices(before, event, after, policyNow())) teller.notice(notice);
      if (event.type === 'exited' && serving(after)?.verdict === 'down')
        services.down(cell.lastEnding.get() ?? { code: null, signal: null });
      if (isTurnOver(event, after, policyNow())) leaveGate(cell);
      gates.look();
      if (event.type === 'healthy')
        dropFormer(folder).catch((error: unknown) =>
          log.warn({ reason: sentenceOf(error) }, 'the state of the former version could not be removed'),
        );
    },
    broke: (error) => log.error({ reason: sentenceOf(error) }, 'an event broke; this is a bug, please report it'),
    unsaved(error) {
      const reason = error === null ? null : sentenceOf(error);
      if (reason !== null && reason !== unsaved)
        log.error(
          { reason, next: error instanceof VisorError ? error.next : undefined },
          'the state cannot be saved: nothing new is decided until it can; what serves goes on',
        );
      if (reason === null) log.info({}, 'the state can be saved again');
      unsaved = reason;
    },
  });

  isBorn = true;

  const configured = async (settingsInForce: Settings): Promise<InstanceEvent> => ({
    type: 'configured',
    settings: settingsInForce,
    initial: await initialRelease(present.config, controller.value(), cell),
  });

  cell.orphan.set(await adoptable(first, cell));
  watchClaims(cell);
  const left = cell.orphan.get()?.deployment ?? (await runningAtAgent(first, cell));
  controller.tell({ type: 'booted', orphan: left });
  controller.tell(await configured(settings));
  resumeByHand(cell, controller.ask).catch((error: unknown) => {
    if (!stopping.signal.aborted)
      log.error({ reason: sentenceOf(error) }, 'the data that a person had put back are not back');
  });

  return {
    network,
    client,
    value: () => controller.value(),
    policy: policyNow,
    config: () => present.config,
    quiet,
    learnSecrets: () => learnSecrets(cell),
    inUse: () => [cell.child.get()?.deployment.id ?? []].flat(),
    async configure(next, nextGenesis) {
      // what lies ready was not asked so: it is made ready anew before it enters
      if (!isDeepStrictEqual(next.compatibility, present.config.compatibility)) cell.ready.clear();
      present = { config: next, genesis: nextGenesis };
      copies.revised();
      redeem.revised();
      cell.gatesRevised.set(JSON.stringify(next.gates));
      cell.revised.set(judgedBy(next));
      const former = controller.value().config.settings;
      controller.tell(await configured(await settingsNow(next, former, keepIn(services.blobs), log)));
    },
    announce: ({ block, ...said }) =>
      controller.tell({ type: 'announced', ...said, block: block?.number ?? null, ready: [...cell.ready.keys()] }),
    seen: copies.seen,
    wanted: copies.wanted,
    decoded: (events, { number }) => teller.notice({ event: 'decoded', block: number, events }),
    waitsFor: () => waitsFor(cell),
    stuck: () => stuckWords(`${network}/${client}`, controller.busyFor()),
    ask: (event) =>
      controller.ask(event).catch((error: unknown) => Promise.reject(notSaved(`${network}/${client}`, error))),
    restore: (update) => restoreByHand(update, cell, controller.ask),
    forget: (id) => void cell.ready.delete(id),
    status(around) {
      const shown = shifted(controller.value(), services.clock.drift());
      const live = quiet({ ...liveOf(cell, unsaved), redeem: redeem.status(), ...around });
      const isReady = (id: DeploymentId) => cell.ready.has(id);
      return {
        ...statusOf(network, client, shown, policyNow(), live),
        ...outlookOf(controller.value(), policyNow(), { gate: cell.gate.get()?.name ?? null, isReady }),
      };
    },
    async stop() {
      stopping.abort();
      await controller.stop();
      await reconciler.stop();
      leaveGate(cell);
      cell.agent.close();
      await gates.ended();
      await disown(cell);
      await redeem.ended();
      await teller.written();
    },
    async leave() {
      await gates.leave();
      await teller.written();
    },
  };
}

/** The turn to switch is used up or called off: it must not keep the other instances waiting. */
function isTurnOver(event: InstanceEvent, after: Instance, policy: Policy): boolean {
  if (serving(after)?.at === 'probation') return false;
  const isAsking = after.next?.at === 'staged' && heldBackBy(after, policy) === null;
  return !isAsking || event.type === 'cleared';
}

function notSaved(place: string, cause: unknown): VisorError {
  const message = `The state of ${place} could not be saved: ${sentenceOf(cause)}`;
  return new VisorError('io', message, 'Nothing was changed. Free space or mend the disk, then try again.', { cause });
}
