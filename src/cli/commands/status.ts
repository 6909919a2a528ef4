import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { type Located, locate } from '../home.ts';
import { type Seen, see } from '../look.ts';
import { matching } from '../pick.ts';
import { paintFor } from '../print/paint.ts';
import { statusPage } from '../print/status.ts';

interface Options {
  readonly json: boolean;
  readonly watch: boolean;
}

/** Milliseconds between two looks of `--watch`. */
const EVERY = 1_000;

export async function status([place]: string[], options: Options, context: Context): Promise<number> {
  const located = await locate(context);
  if (!options.watch) return once(located, place, options, context, '');
  for (;;) {
    await once(located, place, options, context, process.stdout.isTTY && !options.json ? CLEAR : '');
    await pause(EVERY);
  }
}

/** Cursor home, and everything below it erased. */
const CLEAR = '\u001b[H\u001b[J';

async function once(
  located: Located,
  place: string | undefined,
  { json }: Options,
  { say, json: sayJson, file }: Context,
  before: string,
): Promise<number> {
  const seen = await see(located);
  const instances = matching(seen.instances, place);
  const page = { seen, instances, home: located.home.root, file };
  if (json) sayJson({ instances, daemon: seen.daemon, networks: seen.networks, notify: seen.notify });
  else say(`${before}${statusPage(page, Date.now(), paintFor(process.stdout))}`);
  return exitStatus({ ...seen, instances });
}

/** 0: each is as it should be, and a daemon sees to it. 4: neither daemon nor child runs. 3: anything between. */
function exitStatus({ instances, daemon }: Seen): number {
  if (daemon !== null) return instances.every(({ ok }) => ok) ? 0 : 3;
  return instances.some(({ child }) => child !== null) ? 3 : 4;
}
