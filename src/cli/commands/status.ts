import type { Context } from '../context.ts';
import { locate } from '../home.ts';
import { type Seen, see } from '../look.ts';
import { matching } from '../pick.ts';
import { paintFor } from '../print/paint.ts';
import { statusPage } from '../print/status.ts';
import { widthOf } from '../print/wrap.ts';
import { watchOnPaper, watchOnTerminal } from '../watch/watch-status.ts';

interface Options {
  readonly json: boolean;
  readonly watch: boolean;
  readonly staged: boolean;
}

export async function status([place]: string[], { json, watch, staged }: Options, context: Context): Promise<number> {
  const { stdout } = process;
  if (watch)
    return stdout.isTTY && !json ? watchOnTerminal({ place, context }) : watchOnPaper({ place, context }, json);
  const located = await locate(context);
  const seen = await see(located);
  const instances = matching(seen.instances, place);
  const page = { seen, instances, home: located.home.root, file: context.file };
  if (json) context.json({ instances, daemon: seen.daemon, networks: seen.networks, notify: seen.notify });
  else context.say(statusPage(page, Date.now(), paintFor(stdout), widthOf(stdout)));
  return staged ? stagedStatus({ ...seen, instances }) : exitStatus({ ...seen, instances });
}

/** For a start that is to wait until nothing is left but to start the client (docs/containers.md). 3 too while no daemon answers. */
function stagedStatus({ instances, daemon }: Seen): number {
  const isStaged = ({ current, next }: Seen['instances'][number]): boolean =>
    current !== null || (next !== null && next.state !== 'fetching');
  return daemon !== null && instances.every(isStaged) ? 0 : 3;
}

/** 0: each is as it should be, and a daemon sees to it. 4: neither daemon nor child runs. 3: anything between. */
function exitStatus({ instances, daemon }: Seen): number {
  if (daemon !== null) return instances.every(({ ok }) => ok) ? 0 : 3;
  return instances.some(({ child }) => child !== null) ? 3 : 4;
}
