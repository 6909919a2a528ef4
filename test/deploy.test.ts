import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseArgsFile } from '../src/config/load.ts';

// docs/containers.md points at these: what it says of them must be so.
const folder = resolve(import.meta.dirname, '../deploy');
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const argsFile = parseArgsFile(text('args.sidecar.json'));
const grace = (argsFile.ok ? argsFile.config.networks[0]?.clients[0]?.stop.grace : null) ?? Number.POSITIVE_INFINITY;

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

describe.each(readdirSync(folder).filter((name) => name.startsWith('compose')))('%s', (name) => {
  const { services } = parse(text(name)) as { services: Record<string, Service> };

  test.each(Object.keys(services))('%s: read-only, no rights, restarted', (key) =>
    expect(services[key]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
    }),
  );

  test('Docker waits longer for what has the client than the client may take', () => {
    const seconds = Number.parseInt(services['vault']?.stop_grace_period ?? '0', 10);
    expect(seconds * 1_000).toBeGreaterThan(grace);
  });

  test('the key is in the client’s container alone', () => {
    const keyed = Object.entries(services).flatMap(([key, { secrets = [] }]) => (secrets.length > 0 ? [key] : []));
    expect(keyed).toEqual(['vault']);
  });

  test('no namespace of processes is shared', () => expect(text(name)).not.toMatch(/\bpid:/));
});

test('compose.sidecar.yaml: both have one volume at one path, and the socket lies in it', () => {
  const { services } = parse(text('compose.sidecar.yaml')) as { services: Record<string, Service> };
  const volume = 'vaultvisor:/var/lib/vaultvisor';
  for (const key of ['vault', 'vaultvisor']) {
    expect(services[key]?.volumes).toContain(volume);
    expect(services[key]?.network_mode).toBe('service:net');
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
    expect(Number(pod['terminationGracePeriodSeconds']) * 1_000).toBeGreaterThan(grace);
    expect(pod).not.toHaveProperty('shareProcessNamespace');
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, fsGroup: 10001 },
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
