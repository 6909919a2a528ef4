import type { ServerResponse } from 'node:http';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** The live part of the page: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) to few browsers at a time. */
export interface Events {
  /** Holds the response and writes what changes. `last`: the id of what that browser has; `false`: there are too many. */
  attach(response: ServerResponse, last: string | undefined): Promise<boolean>;
  stop(): void;
}

export interface Showing {
  /** The parts of the page by their ids, as they are now. */
  sections(): Promise<Readonly<Record<string, string>>>;
  readonly log: Log;
  /** How many browsers (16). */
  readonly most?: number;
  /** Milliseconds between two looks (1 s), and until a connection that says nothing is kept alive by a comment (15 s): proxies close idle ones. */
  readonly every?: number;
  readonly beat?: number;
}

/** What a browser has not read by then it never will: it is let go, and comes again by itself. */
const BACKLOG = 1024 * 1024;

/** Looks while somebody does, once for all of them, and sends what is another than before. */
export function createEvents({ sections, log, most = 16, every = 1_000, beat = 15_000 }: Showing): Events {
  const browsers = new Set<ServerResponse>();
  /** They count, and have not been told what is there yet. */
  const arriving = new Set<ServerResponse>();
  const life = Date.now().toString(36);
  let shown: Readonly<Record<string, string>> = {};
  let turn = 0;
  let looking: Promise<void> | null = null;
  let timers: readonly NodeJS.Timeout[] = [];

  const id = () => `${life}-${turn}`;
  const message = (parts: object) => `id: ${id()}\ndata: ${JSON.stringify(parts)}\n\n`;

  function write(browser: ServerResponse, text: string): void {
    if (browser.writableLength > BACKLOG) browser.destroy();
    else browser.write(text);
  }

  async function lookOnce(): Promise<void> {
    const now = await sections();
    const changed = Object.entries(now).filter(([part, markup]) => shown[part] !== markup);
    shown = now;
    if (changed.length === 0) return;
    turn += 1;
    const text = message(Object.fromEntries(changed));
    for (const browser of browsers) write(browser, text);
  }

  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  }

  function begin(): void {
    if (timers.length > 0) return;
    const tick = () =>
      void look().catch((error: unknown) =>
        log.error({ reason: sentenceOf(error) }, 'the page could not be made anew'),
      );
    const keep = () => {
      for (const browser of browsers) write(browser, ': still here\n\n');
    };
    timers = [setInterval(tick, every), setInterval(keep, beat)];
  }

  function leave(browser: ServerResponse): void {
    arriving.delete(browser);
    browsers.delete(browser);
    if (browsers.size + arriving.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    timers = [];
  }

  return {
    async attach(response, last) {
      if (browsers.size + arriving.size >= most) return false;
      arriving.add(response);
      response.once('close', () => leave(response));
      begin();
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write('retry: 2000\n\n');
      await look();
      if (!arriving.delete(response)) return true;
      browsers.add(response);
      if (last !== id()) write(response, message(shown));
      return true;
    },
    stop() {
      for (const browser of [...browsers, ...arriving]) {
        browser.end();
        leave(browser);
      }
    },
  };
}
