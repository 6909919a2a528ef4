import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fillIn } from '../lab/hosts/yours.ts';
import { parseArgsFile } from '../src/config/load.ts';
import { howItIsRun } from '../src/systemd/unit/service.ts';

// docs/containers.md points at these: what it says of them must be so.
const folder = resolve(import.meta.dirname, '../deploy');
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const argsFile = parseArgsFile(text('args.sidecar.json'));
const grace = (argsFile.ok ? argsFile.config.networks[0]?.clients[0]?.stop.grace : null) ?? Number.POSITIVE_INFINITY;

/** In seconds, as `vaultvisor systemd` computes it for the unit of the same args file. */
const timeToStop = (): number => {
  const facts = { program: ['/v'], config: '/c', name: 'v', user: 'v', group: null, changesUser: false, home: '/h' };
  const more = {
    writable: [],
    read: [],
    secrets: [],
    lockDir: null,
    leavesClients: false,
    sharesTmp: false,
    systemd: 252,
  };
  const lines = howItIsRun({ ...facts, ...more, grace }).flatMap((group) => group.lines);
  return Number(lines.find(({ key }) => key === 'TimeoutStopSec')?.value);
};

interface Service {
  readonly image: string;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly stop_grace_period?: string;
  readonly network_mode?: string;
  readonly [key: string]: unknown;
}

interface Container {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: { readonly exec: { readonly command: readonly string[] } };
  readonly args?: readonly string[];
  readonly image: string;
}

test('the args file is one, and its client has an agent', () => {
  expect(argsFile).toMatchObject({ ok: true });
  expect(grace).toBe(60_000);
});

/** What Compose makes of a file; one that is laid over another says only what it changes. */
function composed(...names: readonly string[]): Record<string, Service> {
  const all = names.map((name) => parse(text(name)).services as Record<string, Service>);
  const keys = new Set(all.flatMap((services) => Object.keys(services)));
  return Object.fromEntries(
    [...keys].map((key) => [key, Object.assign({}, ...all.map((services) => services[key])) as Service]),
  );
}

describe.each([['compose.main.yaml'], ['compose.sidecar.yaml'], ['compose.sidecar.yaml', 'compose.network.yaml']])(
  '%s %s',
  (...names) => {
    const services = composed(...names.filter((name) => name !== undefined));

    test.each(Object.keys(services))('%s: read-only, no rights, restarted', (key) =>
      expect(services[key]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: 'unless-stopped',
      }),
    );

    test('Docker waits for what has the client as long as a unit of systemd does', () => {
      expect(services['vault']?.stop_grace_period).toBe(`${timeToStop()}s`);
    });

    test('the key is in the client’s container alone', () => {
      const keyed = Object.entries(services).flatMap(([key, { secrets = [] }]) => (secrets.length > 0 ? [key] : []));
      expect(keyed).toEqual(['vault']);
    });

    test('no namespace of processes is shared', () => {
      for (const service of Object.values(services)) expect(service).not.toHaveProperty('pid');
    });
  },
);

test('compose.sidecar.yaml: both have one volume at one path, and the socket lies in it', () => {
  const services = composed('compose.sidecar.yaml');
  const volume = 'vaultvisor:/var/lib/vaultvisor';
  for (const key of ['vault', 'vaultvisor']) {
    expect(services[key]?.volumes).toContain(volume);
    expect(services[key]).not.toHaveProperty('network_mode');
    expect(composed('compose.sidecar.yaml', 'compose.network.yaml')[key]?.network_mode).toBe('service:net');
  }
  const socket = argsFile.ok ? argsFile.config.networks[0]?.clients[0]?.agent?.socket : null;
  expect(socket).toBe('/var/lib/vaultvisor/run/agent.sock');
  expect(readFileSync(resolve(folder, '../Dockerfile.agent'), 'utf8')).toContain(`"--socket", "${socket}"`);
});

describe.each(readdirSync(folder).filter((name) => name.startsWith('kubernetes')))('%s', (name) => {
  const set = parse(text(name));
  const pod = set.spec.template.spec as {
    readonly initContainers?: readonly Container[];
    readonly containers: readonly Container[];
    readonly [key: string]: unknown;
  };
  const all = [...(pod.initContainers ?? []), ...pod.containers];

  test('one pod of one volume that no second pod may have, with time to leave', () => {
    expect(set).toMatchObject({ kind: 'StatefulSet', spec: { replicas: 1 } });
    expect(set.spec.volumeClaimTemplates[0].spec.accessModes).toEqual(['ReadWriteOncePod']);
    expect(pod['terminationGracePeriodSeconds']).toBe(timeToStop());
    expect(pod).not.toHaveProperty('shareProcessNamespace');
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      // with `Always`, which is usual, every start of the pod would make all programs writable for the group
      securityContext: { runAsNonRoot: true, fsGroup: 10001, fsGroupChangePolicy: 'OnRootMismatch' },
    });
  });

  test.each(all)('$name: read-only, no rights, an image by its digest', ({ securityContext, image }) => {
    expect(securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });

  test('the key is in the client’s container alone, and all have one volume at one path', () => {
    expect(
      all.flatMap(({ name: one, volumeMounts }) => (volumeMounts.some((mount) => mount.name === 'key') ? [one] : [])),
    ).toEqual(['vault']);
    expect(
      new Set(all.map(({ volumeMounts }) => volumeMounts.find((mount) => mount.name === 'home')?.mountPath)),
    ).toEqual(new Set(['/var/lib/vaultvisor']));
  });
});

test('kubernetes.sidecar.yaml: a native sidecar, which the client waits for until it has something to start', () => {
  const pod = parse(text('kubernetes.sidecar.yaml')).spec.template.spec as { initContainers: readonly Container[] };
  expect(pod.initContainers[0]).toMatchObject({
    restartPolicy: 'Always',
    startupProbe: { exec: { command: ['vaultvisor', 'status', '--staged'] } },
  });
});

describe('what is marked as its user’s', () => {
  test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
    '%s: every image, and whatever depends on the client',
    (name) => {
      const own = /image: |stop\.grace|ENDPOINT|"--keyfile"|--keyfile|kintsugi|terminationGracePeriodSeconds|storage: /;
      const lines = text(name)
        .split('\n')
        .filter((line) => own.test(line) && !line.startsWith('#'));
      const inBlock = (line: string): boolean => !/[:{]/.test(line.slice(0, line.indexOf('=')));
      for (const line of lines) if (!inBlock(line)) expect(line).toMatch(/#.*\byours\b/);
    },
  );

  test('a line that is marked is replaced with its block, one that is not is refused', () => {
    const main = text('compose.main.yaml');
    const filled = fillIn(main, { 'image: ': 'image: mine', 'VAULTVISOR_SET: ': 'VAULTVISOR_SET: stop.grace=1m' });
    expect(parse(filled).services.vault).toEqual({
      ...parse(main).services.vault,
      image: 'mine',
      environment: { ...parse(main).services.vault.environment, VAULTVISOR_SET: 'stop.grace=1m' },
    });
    expect(() => fillIn(main, { 'read_only: ': 'read_only: false' })).toThrow('not marked');
    expect(() => fillIn(main, { 'nothing: ': '' })).toThrow('0 lines');
    expect(() => fillIn(text('compose.sidecar.yaml'), { 'image: ': 'image: mine' })).toThrow('2 lines');
  });
});
