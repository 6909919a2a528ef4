import { sentenceOf, VisorError } from '../errors.ts';
import type { Log } from '../log.ts';
import { diskError } from '../store/files/file-errors.ts';
import { type InForce, type Proposal, propose, refuseMoves } from './acceptance.ts';
import type { Boot } from './boot-config.ts';
import { findConfig } from './find-config.ts';

/** The args file over the life of a daemon. */
export interface Configuration {
  present(): InForce | null;
  /** Why the present file is not in force; `null`: it is. */
  refusal(): string | null;
  /** Puts into force what the daemon starts with. */
  begin(): Promise<void>;
  /** Reads the file again. Rejects where it is refused; then the former one stays in force. Resolves to what changes. */
  apply(allowRemove: boolean): Promise<readonly string[]>;
  /** The last edit that changed anything since the daemon started, whoever took it up; `null`: none yet. */
  last(): Applied | null;
  /** The same where nobody waits for the answer. */
  reload(): Promise<void>;
  /** Takes no more files; resolves when the present one is through. */
  stop(): Promise<void>;
}

export interface Applied {
  readonly at: string;
  readonly changes: readonly string[];
}

export interface Configuring {
  readonly file: string;
  readonly boot: Boot;
  readonly log: Log;
  isRunning(place: string): boolean;
  /** Keeps the record on disk. Nothing of it is done before. */
  keep(inForce: InForce): Promise<void>;
  enforce(proposal: Proposal): Promise<void>;
}

/** How soon an edit that could not be read, is not valid, or that the disk did not take is looked at again (ms). */
const AGAIN = 2_000;

export function createConfiguration(on: Configuring): Configuration {
  const { file, boot, log } = on;
  let present = boot.before;
  let refusal = boot.refusal;
  let turn: Promise<unknown> = Promise.resolve();
  let isStopping = false;
  let last: Applied | null = null;
  let again: NodeJS.Timeout | null = null;

  /** One file after the other: two that come at once must not mix. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = turn.then(act);
    turn = done.catch(() => {});
    return done;
  }

  async function enforce(proposal: Proposal): Promise<void> {
    if (present === null || JSON.stringify(present.record) !== JSON.stringify(proposal.inForce.record))
      await keep(proposal.inForce);
    present = proposal.inForce;
    refusal = null;
    await on.enforce(proposal);
  }

  async function keep(next: InForce): Promise<void> {
    try {
      await on.keep(next);
    } catch (error) {
      tryAgain();
      throw diskError(error, 'could not keep the args file as accepted');
    }
  }

  /** Nobody edits the file a second time because a read failed once, the disk was full, or a file that it names came later. */
  function tryAgain(): void {
    if (isStopping) return;
    again ??= setTimeout(() => {
      again = null;
      void look(true);
    }, AGAIN);
  }

  async function begin(): Promise<void> {
    const { before, proposal } = boot;
    const former = before && { inForce: before, removed: [], changes: [] };
    if (refusal !== null) tryAgain();
    if (proposal === null) return former ? on.enforce(former) : undefined;
    try {
      await enforce(proposal);
    } catch (error) {
      if (former === null || present !== before) throw error;
      // a full disk must not keep a client down: what was in force is on it already
      refusal = sentenceOf(error);
      log.error(
        { file, reason: refusal },
        'the args file could not be taken into force; the one that was accepted last is',
      );
      await on.enforce(former);
    }
  }

  async function apply(allowRemove: boolean): Promise<readonly string[]> {
    if (isStopping)
      throw new VisorError(
        'busy',
        'The daemon is stopping',
        'Nothing was changed. The file is read when it starts again.',
      );
    const { text } = await findConfig(file);
    if (text === null)
      throw new VisorError('config', `${file} is not there`, 'The former file stays in force. Put it back.');
    const proposal = await propose(present, { file, text, allowRemove }, on.isRunning);
    if (present) refuseMoves(present.config, proposal.inForce.config);
    await enforce(proposal);
    if (proposal.changes.length > 0) last = { at: new Date().toISOString(), changes: proposal.changes };
    return proposal.changes;
  }

  async function look(isAgain: boolean): Promise<void> {
    try {
      const changes = await inTurn(() => apply(false));
      if (changes.length > 0) log.info({ changes }, 'the args file was accepted');
    } catch (error) {
      const former = refusal;
      refusal = sentenceOf(error);
      const next = error instanceof VisorError ? error.next : undefined;
      const isOfFile = error instanceof VisorError && error.code === 'config';
      const what = isOfFile ? 'the args file was refused' : 'the args file could not be taken into force yet';
      if ((isOfFile && !isAgain) || refusal !== former)
        log.error({ file, reason: refusal, next }, `${what}; the former one stays in force`);
      tryAgain();
    }
  }

  return {
    present: () => present,
    refusal: () => refusal,
    last: () => last,
    begin: () => inTurn(begin),
    apply: (allowRemove) => inTurn(() => apply(allowRemove)),
    reload: () => look(false),
    async stop() {
      isStopping = true;
      if (again !== null) clearTimeout(again);
      await turn;
    },
  };
}
