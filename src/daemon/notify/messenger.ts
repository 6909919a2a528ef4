import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { NotifyConfig } from '../../config/notify.ts';
import { redactValue } from '../../config/redact.ts';
import type { Notice } from '../../core/notices/notice.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { type Decided, decide, type Heard, type Moment, remind } from '../../notify/conditions.ts';
import { heardOf } from '../../notify/heard.ts';
import { heardOfLevels, type Seen, type Since, serves, sinceOf } from '../../notify/levels.ts';
import type { Message, Subject } from '../../notify/message.ts';
import { wants } from '../../notify/receiver.ts';
import type { ReceiverLook } from '../../observe/look.ts';
import type { Clock } from '../clock.ts';
import { type Book, openBook } from './book.ts';
import { illnessOf } from './illness.ts';
import { createPost, type Post } from './post.ts';

/** Tells people what happens. Nothing that it does, and nothing that a receiver does, is ever waited for. */
export interface Messenger {
  /** What happened to an instance. */
  told(subject: Subject, notice: Notice): void;
  /** Who is told from now on; `null`: nobody. */
  configure(config: NotifyConfig | null): Promise<void>;
  look(): readonly ReceiverLook[];
  stop(): Promise<void>;
}

export interface Messaging {
  /** Path of the record. */
  readonly record: string;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now' | 'drift'>;
  /** What is to be seen of all instances; `null`: not yet. */
  see(): Seen | null;
  /** Why the daemon cannot look after its clients; `null`: it can. */
  ill(): string | null;
  allowInsecure(): boolean;
}

/** How often levels are looked at (ms). */
const LOOK = 2_000;

interface Office {
  config: NotifyConfig;
  readonly book: Book;
  readonly post: Post;
  since: Since;
  readonly timer: NodeJS.Timeout;
}

export function createMessenger(on: Messaging): Messenger {
  let office: Office | null = null;
  let book: Promise<Book> | null = null;
  const iso = (time: number) => new Date(time + on.clock.drift()).toISOString();

  const moment = ({ config }: Office): Moment => ({
    now: on.clock.now(),
    repeat: config.repeat,
    host: hostname(),
    iso,
    id: randomUUID,
  });

  /** In memory as one; the disk sees both or neither. */
  function settle(here: Office, { open, messages }: Decided): void {
    const record = here.book.get();
    if (open !== record.open) here.book.set({ ...record, open });
    for (const message of messages) hand(here, message);
  }

  function hand({ config, post }: Office, message: Message): void {
    for (const receiver of config.receivers)
      if (receiver.kind !== 'heartbeat' && wants(receiver, message)) post.put(receiver.name, message);
  }

  const hear = (here: Office, all: readonly Heard[]): void => {
    for (const heard of all) settle(here, decide(here.book.get().open, heard, moment(here)));
  };

  function look(): void {
    const seen = on.see();
    if (office === null || seen === null) return;
    const now = on.clock.now();
    office.since = sinceOf(office.since, seen, now, (status) => serves(status, Date.now()));
    hear(office, heardOfLevels(office.book.get().open, seen, office.since, { now, downFor: office.config.downFor }));
    settle(office, remind(office.book.get().open, moment(office)));
  }

  /** A bug here must not reach who told us. */
  function safely(act: () => void): void {
    try {
      act();
    } catch (error) {
      on.log.error({ reason: sentenceOf(error) }, 'a message could not be made; this is a bug, please report it');
    }
  }

  async function close(): Promise<void> {
    const here = office;
    office = null;
    if (here === null) return;
    clearInterval(here.timer);
    await here.post.stop();
    await here.book.close();
  }

  return {
    told(subject, notice) {
      const here = office;
      if (here === null) return;
      safely(() => hear(here, heardOf(redactValue(notice) as Notice, subject)));
    },
    async configure(config) {
      if (config === null) return close();
      book ??= openBook(on.record, on.log);
      const opened = await book;
      const ill = () => on.ill() ?? illnessOf(opened.get(), on.clock.now());
      const post =
        office?.post ?? createPost({ ...on, book: opened, ill, iso, config: () => office?.config ?? config });
      office ??= {
        config,
        book: opened,
        post,
        since: { gone: {}, unread: {} },
        timer: setInterval(() => safely(look), LOOK),
      };
      office.config = config;
      await post.follow(config.receivers);
    },
    look: () => office?.post.look() ?? [],
    stop: close,
  };
}
