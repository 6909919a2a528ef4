import { readFileSync } from 'node:fs';
import { sentenceOf, VisorError } from '../../errors.ts';
import { systemctl } from '../../process/systemctl.ts';
import { type Process, processAt, processes } from '../../process/who/processes.ts';

/** A unit of systemd as it is now. */
export interface Unit {
  readonly name: string;
  readonly isLoaded: boolean;
  readonly isActive: boolean;
  /** Started at boot. */
  readonly isEnabled: boolean;
  readonly mainPid: number;
  /** Its control group, as /proc has it; empty where nothing of it is up. */
  readonly group: string;
  /** Other units that start it: a timer, a socket, a path. */
  readonly startedBy: readonly string[];
}

const PROPERTIES = 'Id,LoadState,ActiveState,UnitFileState,MainPID,TriggeredBy,ControlGroup';

export const unitName = (said: string): string => (/\.\w+$/.test(said) ? said : `${said}.service`);

/** @throws VisorError `network` where systemd does not answer */
export async function unitNow(name: string): Promise<Unit> {
  const text = await toldBy(['show', `--property=${PROPERTIES}`, '--', name]);
  const fact = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  return {
    name,
    isLoaded: fact('LoadState') === 'loaded',
    isActive: !['inactive', 'failed', ''].includes(fact('ActiveState')),
    isEnabled: fact('UnitFileState').startsWith('enabled'),
    mainPid: Number(fact('MainPID')),
    group: fact('ControlGroup') === '' ? '' : treeOf() + fact('ControlGroup'),
    startedBy: fact('TriggeredBy')
      .split(' ')
      .filter((one) => one !== ''),
  };
}

/** What runs of it: what its control group holds, and what its main process started. */
export function processesOf({ mainPid, group }: Unit): readonly Process[] {
  const all = processes();
  const main = mainPid > 0 ? processAt(mainPid) : null;
  const below = (pid: number): readonly Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  const own = main === null ? [] : [main, ...below(main.pid)];
  const grouped = all.filter(({ pid }) => isIn(group, pid));
  return [...new Map([...own, ...grouped].map((one) => [one.pid, one])).values()];
}

function isIn(group: string, pid: number): boolean {
  return group !== '' && groupsOf(pid).some((path) => path === group || path.startsWith(`${group}/`));
}

/** Where systemd's own tree begins: in a container below the groups of its host, and a unit of the same name in a container is not below ours. */
const treeOf = (): string =>
  groupsOf(1)
    .find((path) => path.endsWith('/init.scope'))
    ?.slice(0, -'/init.scope'.length) ?? '';

function groupsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
      .split('\n')
      .map((line) => line.split(':').slice(2).join(':'));
  } catch {
    return [];
  }
}

/** Milliseconds: systemd reads its units anew after each change of one, and a machine may be busy. */
const PATIENCE = 120_000;

/**
 * Has systemd do something.
 * @param patience milliseconds
 * @throws VisorError `network` with what systemd says
 */
export async function toldBy(words: readonly string[], patience = PATIENCE): Promise<string> {
  try {
    return await systemctl('system', words, patience);
  } catch (error) {
    const { stderr = '', code, killed } = error as { stderr?: string; code?: unknown; killed?: boolean };
    const said = killed === true ? `it did not answer within ${patience / 1_000} s` : stderr.trim();
    throw new VisorError(
      /denied|authentication/i.test(said) ? 'permission' : 'network',
      `systemctl ${words.slice(0, 1).join(' ')}: ${code === 'ENOENT' ? 'there is no systemd on this machine' : sentenceOf(said === '' ? error : said)}`,
      'Look at systemctl status, and say this as root.',
      { cause: error },
    );
  }
}
