import { clockWords } from '../../observe/words/time.ts';
import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { type Seen, see } from '../look.ts';
import { shown } from '../outlet.ts';
import { matching } from '../pick.ts';
import { paintFor } from '../print/paint.ts';
import { type StatusPage, statusPage } from '../print/status.ts';
import { statusTable } from '../print/table.ts';
import { openScreen } from './screen.ts';

/** Milliseconds between two looks. */
const EVERY = 1_000;

/** What is looked at. */
export interface Watched {
  readonly place: string | undefined;
  readonly context: Context;
}

/** A live table, until the person at the terminal has seen enough; that is no failure. */
export async function watchOnTerminal(watched: Watched): Promise<number> {
  const { stdout, stdin } = process;
  const paint = paintFor(stdout);
  let page = await lookAt(watched);
  return new Promise((resolve, reject) => {
    const draw = (): void => {
      const size = { columns: stdout.columns || 80, rows: stdout.rows || 24 };
      screen.draw(statusTable(page, Date.now(), size, paint).map((line) => shown(line, true)));
    };
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of endings) process.off(signal, end);
      screen.close();
      resolve(0);
    };
    const again = async (): Promise<void> => {
      try {
        page = await lookAt(watched);
        draw();
        timer = setTimeout(again, EVERY);
      } catch (error) {
        end();
        reject(error);
      }
    };
    const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const screen = openScreen(stdout, stdin, { redraw: draw, leave: end });
    for (const signal of endings) process.on(signal, end);
    let timer = setTimeout(again, EVERY);
    draw();
  });
}

/** Where nobody can see a table: the page once, and again whenever something is another, below the time. */
export async function watchOnPaper(watched: Watched, isJson: boolean): Promise<never> {
  let before = '';
  for (;;) {
    const page = await lookAt(watched);
    const now = JSON.stringify(lasting(page.seen, page.instances));
    if (now !== before) tell(page, isJson, watched.context);
    before = now;
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

function tell(page: StatusPage, isJson: boolean, { say, json }: Context): void {
  const { seen, instances } = page;
  if (isJson) json({ instances, daemon: seen.daemon, networks: seen.networks, notify: seen.notify });
  else say(`── ${clockWords(new Date().toISOString())}\n${statusPage(page, Date.now(), paintFor(process.stdout))}\n`);
}

/** The file is read anew: it may be edited meanwhile, and without a daemon it is what says which clients there are. */
async function lookAt({ place, context }: Watched): Promise<StatusPage> {
  const located = await locate(context);
  const seen = await see(located);
  return { seen, instances: matching(seen.instances, place), home: located.home.root, file: context.file };
}

/** Without what is another at every look: the chain's head, how much has arrived, hours that run down. */
function lasting({ daemon, fromDisk, notify }: Seen, instances: StatusPage['instances']): object {
  const each = instances.map(({ chain, next, queued, redeem, ...rest }) => ({
    ...rest,
    connected: chain?.connected,
    endpoint: chain?.endpoint,
    critical: redeem?.critical,
    next: [next, queued].map((one) =>
      one === null || one.retryAt !== null || one.state !== 'fetching' ? one : one.deployment,
    ),
  }));
  const untold = notify.filter(({ trouble }) => trouble !== null).map(({ receiver }) => receiver);
  return { each, untold, fromDisk, pid: daemon?.pid, refusal: daemon?.refusal };
}
