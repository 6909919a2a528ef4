import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sentenceOf, VisorError } from '../../errors.ts';
import { nameOfUser } from '../../users.ts';
import { clientIn, runnerIn } from './client-line.ts';
import { ownVariables, variablesIn } from './environment.ts';
import type { Running } from './running.ts';

/** What is read of `docker inspect` (Docker Engine API, ContainerInspect); podman prints the same. */
interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Path: string;
  readonly Args: readonly string[];
  readonly Image: string;
  readonly State: { readonly Running: boolean; readonly Pid: number };
  readonly Config: {
    readonly Env: readonly string[] | null;
    readonly User: string;
    readonly WorkingDir: string;
    readonly StopSignal?: string;
    readonly StopTimeout?: number | null;
    readonly Image: string;
  };
  readonly HostConfig: {
    readonly NetworkMode: string;
    readonly RestartPolicy: { readonly Name: string };
    readonly Memory?: number;
    readonly Ulimits?: readonly { readonly Name: string; readonly Soft: number }[] | null;
  };
  readonly Mounts: readonly Mount[];
}

interface Mount {
  readonly Type: string;
  readonly Source: string;
  readonly Destination: string;
}

/** A client by the container that runs it, with its paths as this machine has them. @throws VisorError `usage` where there is no such container */
export async function fromContainer(id: string): Promise<Running> {
  const found = (await inspect<Inspected>(id, 'container'))[0];
  if (found === undefined) throw unknown(id);
  const { Config: config, Path: path, Args: args, Mounts: mounts } = found;
  const image = (await inspect<{ Config: { Env: readonly string[] | null } }>(found.Image, 'image').catch(() => []))[0];
  const given = (config.Env ?? []).filter((text) => !(image?.Config.Env ?? []).includes(text));
  const whole = [path, ...args];
  const runner = runnerIn(whole);
  const words = runner === null ? clientIn(whole) : ['', ...runner.line.clientArgs];
  const inside = config.WorkingDir === '' ? '/' : config.WorkingDir;
  const cwd = hostPath(inside, mounts);
  const mapped = words.map((word, at) => (at === 0 ? word : hostWord(word, mounts)));
  const uid = uidOf(config.User);
  const name = found.Name.replace(/^\//, '');
  return {
    what: `the container ${name === '' ? found.Id.slice(0, 12) : name}`,
    words: mapped,
    runner: runner === null ? null : whole,
    program: hostPath(words[0] ?? '', mounts),
    cwd: cwd ?? '{data}',
    user: uid === null ? null : { uid, name: await nameOfUser(uid) },
    env: ownVariables(variablesIn(given)),
    signal: config.StopSignal === 'SIGTERM' ? null : (config.StopSignal ?? null),
    grace: config.StopTimeout == null ? null : config.StopTimeout * 1_000,
    unit: null,
    remarks: remarksOf(found, { inside, cwd, words: mapped, program: words[0] ?? '' }),
  };
}

interface Seen {
  readonly inside: string;
  readonly cwd: string | null;
  readonly words: readonly string[];
  readonly program: string;
}

function remarksOf(found: Inspected, { inside, cwd, words, program }: Seen): readonly string[] {
  const { HostConfig: host, Config: config, Mounts: mounts } = found;
  const id = found.Id.slice(0, 12);
  const within = words.slice(1).filter((word) => /^(?:-[^=]*=)?\//.test(word) && !isMapped(word, mounts));
  const files = host.Ulimits?.find(({ Name }) => Name === 'nofile')?.Soft;
  return [
    ...(hostPath(program, mounts) === null
      ? [
          `Its program lies in the image ${config.Image}: docker cp ${id}:${program.startsWith('/') ? program : `$(docker exec ${id} which ${program})`} /opt/ gives you the file for start.initial; the libraries of the image are not those of this machine (vaultvisor tells before it stops anything).`,
        ]
      : []),
    ...(cwd === null
      ? [
          `Its working directory ${inside} lies in the container, and goes with it: docker cp ${id}:${inside} keeps it. Where a vault has its journal there, put it into {data} before the first start.`,
        ]
      : []),
    ...within.map(
      (word) =>
        `${word} is a path of the container that no mount brings to this machine: copy it out, and name the copy.`,
    ),
    ...(host.NetworkMode === 'host' || host.NetworkMode === ''
      ? []
      : [
          `It has a network of its own (${host.NetworkMode}): names of other containers, such as http://bitcoind:8332, are not known to this machine.`,
        ]),
    ...(files === undefined
      ? []
      : [`It may open ${files} files: a client has the limits of vaultvisor, so see to LimitNOFILE in its unit.`]),
    ...(host.Memory
      ? [
          `It may have ${host.Memory} bytes of memory: MemoryMax in the unit of vaultvisor counts for all clients together.`,
        ]
      : []),
    `End it for good before the first start here: docker update --restart=no ${id} && docker stop ${id}. Until then vaultvisor sees it and starts nothing.`,
  ];
}

/** The longest mount that holds it. `null`: it lies in the container alone. */
function hostPath(path: string, mounts: readonly Mount[]): string | null {
  if (!path.startsWith('/')) return null;
  const mount = mounts
    .filter(({ Destination: at }) => path === at || path.startsWith(at.endsWith('/') ? at : `${at}/`))
    .sort((a, b) => b.Destination.length - a.Destination.length)[0];
  return mount === undefined ? null : join(mount.Source, path.slice(mount.Destination.length));
}

/** A word that is a path, or a flag with one behind its sign. */
function hostWord(word: string, mounts: readonly Mount[]): string {
  const [, flag = '', path = ''] = /^(-[^=]*=)?(\/.*)$/s.exec(word) ?? [];
  const mapped = hostPath(path, mounts);
  return mapped === null ? word : `${flag}${mapped}`;
}

const isMapped = (word: string, mounts: readonly Mount[]): boolean =>
  mounts.some(({ Source: source }) => word.replace(/^-[^=]*=/, '').startsWith(source));

/** A name is one of the container's own: only a number means the same here. */
const uidOf = (user: string): number | null => {
  const [id = ''] = user.split(':');
  return id === '' ? 0 : /^\d+$/.test(id) ? Number(id) : null;
};

async function inspect<T>(id: string, type: 'container' | 'image'): Promise<readonly T[]> {
  try {
    const { stdout } = await promisify(execFile)('docker', ['inspect', `--type=${type}`, '--', id], {
      timeout: 20_000,
      maxBuffer: 16 * 2 ** 20,
    });
    return JSON.parse(stdout) as readonly T[];
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    if (/no such (container|object|image)/i.test(stderr)) throw unknown(id);
    throw new VisorError(
      'network',
      code === 'ENOENT'
        ? 'There is no docker on this machine'
        : `docker does not answer: ${sentenceOf(stderr.trim() || error)}`,
      'Say this where the docker command works, as a user who may use it.',
      { cause: error },
    );
  }
}

const unknown = (id: string): VisorError =>
  new VisorError('usage', `docker knows no container ${id}`, 'Look it up with docker ps --all.');
