import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { processes } from '../../../src/process/who/processes.ts';
import { textAt } from '../../support/journal.ts';
import { lacking, outcome } from '../command.ts';
import type { Act, Host, Obstacle } from '../host.ts';
import { unless } from '../right-end.ts';
import { kill, killIfThere } from '../signal.ts';
import { setStage } from '../stage.ts';

/** Whether the kernel gives namespaces of processes here, and tini is there. */
export async function noNamespace(): Promise<Obstacle> {
  if (process.getuid?.() !== 0) return 'a namespace of processes takes root';
  const missing = await lacking('unshare', 'nsenter', 'tini', 'cc');
  if (missing !== null) return missing;
  const { code, text } = await outcome('unshare', '-pf', '--mount-proc', 'true');
  return code === 0 ? null : `the kernel gives no namespace of processes: ${text}`;
}

/** What a container engine makes of processes, without the engine: tini is the first one, and with it or with what it runs all others end. */
export async function startUnderTini(folder: string, program: string): Promise<Host> {
  const stage = await setStage(placesIn(folder));
  await stage.write();
  const log = join(folder, 'log');
  const run = () => startIn(folder, [...NAMESPACE, 'tini', '--', ...vaultvisor(folder, program)]);
  let outer = run();
  const tini = (): number => childOf(outer.pid);

  async function again(gone: Promise<unknown>): Promise<void> {
    await gone;
    outer = run();
  }

  const killed = async (pid: number): Promise<readonly string[]> => {
    const gone = ended(outer);
    kill(pid);
    await again(gone);
    return [];
  };

  const acts: readonly Act[] = [
    { words: 'kill -9 of vaultvisor', asks: false, act: () => killed(childOf(tini())) },
    { words: 'kill -9 of tini', asks: false, act: () => killed(tini()) },
    {
      words: 'SIGTERM to tini, and start',
      asks: true,
      act: async () => {
        const gone = ended(outer);
        kill(tini(), 'SIGTERM');
        const code = await gone;
        await again(gone);
        return unless(code === 0, `tini ended with ${code}`);
      },
    },
  ];

  return {
    words: 'tini as first process',
    stage,
    acts,
    scenarios: [],
    log: async () => textAt(log),
    async close() {
      const gone = ended(outer);
      killIfThere(tini());
      await gone;
    },
  };
}

/** What `KillMode=process` and a namespace of processes that several containers share have in common: whoever kills vaultvisor leaves its clients alone. */
export async function startInShared(folder: string, program: string): Promise<Host> {
  const stage = await setStage(placesIn(folder));
  await stage.write();
  const log = join(folder, 'log');
  const outer = startIn(folder, [...NAMESPACE, 'tini', '--', 'sleep', 'infinity']);
  while (childOf(childOf(outer.pid)) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const first = String(childOf(outer.pid));
  const run = () => startIn(folder, ['nsenter', '-p', '-m', '-t', first, '--', ...vaultvisor(folder, program)]);
  let entered = run();

  const sent = async (signal: NodeJS.Signals): Promise<number | string> => {
    const gone = ended(entered);
    kill(childOf(entered.pid), signal);
    const how = await gone;
    return how;
  };

  const acts: readonly Act[] = [
    {
      words: 'kill -9 of vaultvisor alone',
      asks: false,
      outlives: true,
      act: async () => {
        const before = stage.clients();
        await sent('SIGKILL');
        const after = stage.clients();
        // one of a bad release may end by itself in that very moment
        const crashed = stage.journal().at(-1)?.detail === 'crashed';
        entered = run();
        return unless(
          before.length === 0 || after.length > 0 || crashed,
          'no client outlived vaultvisor, so nothing was proved',
        );
      },
    },
    {
      words: 'SIGTERM, and start',
      asks: true,
      act: async () => {
        const code = await sent('SIGTERM');
        const left = stage.clients().length;
        entered = run();
        return [
          ...unless(code === 0, `vaultvisor ended with ${code}`),
          ...unless(left === 0, `${left} clients were left when it had ended`),
        ];
      },
    },
  ];

  return {
    words: 'a namespace of processes that outlives vaultvisor',
    stage,
    acts,
    scenarios: [],
    log: async () => textAt(log),
    async close() {
      const gone = ended(outer);
      killIfThere(Number(first));
      await gone;
    },
  };
}

const NAMESPACE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];

function placesIn(folder: string) {
  const places = { etc: join(folder, 'etc'), home: join(folder, 'home') };
  mkdirSync(join(folder, 'locks'), { recursive: true });
  return { ...places, inside: places };
}

const vaultvisor = (folder: string, program: string): readonly string[] => [
  process.execPath,
  program,
  'run',
  '--config',
  join(folder, 'etc/args.json'),
];

function startIn(folder: string, [file = '', ...words]: readonly string[]): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  const env = { ...process.env, VAULTVISOR_LOCKS: join(folder, 'locks') };
  const started = spawn(file, words, { stdio: ['ignore', log, log], env });
  closeSync(log);
  return started;
}

const childOf = (parent: number | undefined): number => processes().find((one) => one.parent === parent)?.pid ?? 0;

const ended = (child: ChildProcess): Promise<number | string> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve(child.exitCode ?? child.signalCode ?? 0)
    : new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 0)));
