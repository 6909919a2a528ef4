import type { InstanceStatus } from '../../core/instance-status.ts';
import type { ReceiverLook } from '../../observe/look.ts';
import { oneLine } from '../../observe/words/pieces.ts';
import { spanWords } from '../../observe/words/time.ts';
import type { Seen } from '../look.ts';
import { instanceBlock } from './instance.ts';
import type { Paint } from './paint.ts';
import { wrap } from './wrap.ts';

export interface StatusPage {
  readonly seen: Seen;
  readonly instances: readonly InstanceStatus[];
  readonly home: string;
  readonly file: string;
}

/** The page of `status`: who looks after it, then a block for each instance. */
export function statusPage(page: StatusPage, now: number, paint: Paint, width = Number.POSITIVE_INFINITY): string {
  const blocks = page.instances.map((one) => instanceBlock(one, page.seen.daemon !== null, now, paint, width));
  const nothing = blocks.length === 0 ? ['No client is configured yet.'] : [];
  const head = headOf(page, now, paint).split('\n');
  return [head.map((line) => wrap(line, width, 2)).join('\n'), ...nothing, ...blocks].join('\n\n');
}

/** Who looks after it, and what is wrong with that. */
export function headOf({ seen, home, file }: StatusPage, now: number, paint: Paint): string {
  const { daemon, fromDisk } = seen;
  if (daemon === null) {
    const words = `For ${oneLine(home)} ${fromDisk ?? 'no daemon runs'}; this is what the disk says.`;
    const next =
      fromDisk === 'the daemon does not answer' ? LOOK : `Start it with vaultvisor run --config ${oneLine(file)}`;
    return `${paint('red', words)}\n${next}`;
  }
  const up = spanWords(Math.max(0, now - Date.parse(daemon.startedAt)));
  const about = paint('dim', `vaultvisor ${daemon.version}, pid ${daemon.pid}, up ${up}, ${oneLine(daemon.home)}`);
  const untold = seen.notify.flatMap((one) => untoldWords(one, now)).map((words) => `\n${paint('red', words)}`);
  const top = [about, ...untold].join('');
  if (daemon.refusal === null) return top;
  const refused = paint('red', `${oneLine(daemon.file)} was refused; the one before stays in force:`);
  return `${top}\n${refused}\n  ${oneLine(daemon.refusal)}`;
}

/** Whom nobody reaches must be seen by somebody who looks. */
function untoldWords({ receiver, waiting, oldestAt, trouble }: ReceiverLook, now: number): readonly string[] {
  if (trouble === null) return [];
  const since =
    oldestAt === null ? '' : `, ${waiting} waiting for ${spanWords(Math.max(0, now - Date.parse(oldestAt)))}`;
  return [`${receiver} cannot be told${since}: ${oneLine(trouble)}`];
}

const LOOK = 'It may be stopped (SIGSTOP) or the machine overloaded: look at its log and its process.';
