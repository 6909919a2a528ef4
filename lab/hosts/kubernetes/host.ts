import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY } from '../compose/project.ts';
import type { Host } from '../host.ts';
import { patient, type Stage, setStage } from '../stage.ts';
import { startCluster } from './cluster.ts';
import { type Deployed, ETC, GRACE, HOME, manifest } from './deployed.ts';
import { buildAll, images } from './images.ts';
import { mainScenarios } from './main.ts';
import { podOf } from './pod.ts';
import { sidecarScenarios } from './sidecar.ts';
import { offerVolume } from './volume.ts';

export interface Running extends Deployed {
  /** Removes this set with its claim, and makes ready for another one. @returns what that one is seen by */
  next(): Promise<Deployed>;
}

/** A control plane and a node of our own, and on it deploy/kubernetes.main.yaml; nothing is named yet. */
export async function startKubernetes(folder: string, say: (line: string) => void): Promise<Host> {
  const own = join(folder, 'kubernetes');
  await mkdir(own, { recursive: true, mode: 0o755 });
  const { tar, client } = await buildAll(own, say);
  const cluster = await startCluster(own);
  try {
    await cluster.importImages(tar);
    const pod = podOf(cluster);
    await writeFile(join(own, 'key'), `${KEY}\n`);
    await cluster.kubectl('create', 'secret', 'generic', 'vault-key', `--from-file=key=${join(own, 'key')}`);
    const set = async (name: string): Promise<Deployed> => {
      const volume = join(own, name);
      await offerVolume(cluster, name, volume);
      const inside = { etc: ETC, home: HOME };
      const stage = await setStage({
        etc: join(volume, 'etc'),
        home: join(volume, 'home'),
        inside,
        library: client.library,
      });
      return { cluster, pod, stage };
    };
    const first = await set('main');
    await cluster.apply(await manifest('kubernetes.main.yaml', linesOfMain(first.stage)));
    const next = async (): Promise<Deployed> => {
      await cluster.kubectl('delete', 'statefulset', 'vault', '--cascade=foreground');
      await cluster.kubectl('delete', 'pvc', 'home-vault-0');
      return set('sidecar');
    };
    const running = { ...first, next };
    const { gitVersion } = JSON.parse(await cluster.kubectl('get', '--raw', '/version'));
    return {
      words: `Kubernetes ${gitVersion}`,
      stage: first.stage,
      acts: [],
      scenarios: [...mainScenarios(running), ...sidecarScenarios(running)],
      left: [
        'Kubernetes: two nodes: ReadWriteOncePod was seen to keep a second pod of the node out; no storage that nodes share runs here, nor a second node that is cut off',
      ],
      log: async () => (await cluster.outcome('logs', 'vault-0', '--all-containers', '--tail=100')).text,
      close: () => cluster.close(),
    };
  } catch (thrown) {
    const words = cluster.log();
    await cluster.close();
    throw new Error(`${thrown}\n${words}`);
  }
}

const linesOfMain = ({ manifest: named }: Stage): Readonly<Record<string, string>> => {
  const settings = {
    ...patient,
    'release.interval': '100ms',
    identity: 'the lab’s account',
    stop: { signal: 'SIGINT', grace: GRACE },
  };
  const set = Object.entries(settings).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return {
    'image: ': `image: ${images.wrapped}`,
    'args: ': 'args: [wrap, --, --witness, .]',
    '{ name: VAULTVISOR_ENDPOINT': `{ name: VAULTVISOR_RELEASE, value: "manifest:${named}" }`,
    '{ name: VAULTVISOR_SET': `{ name: VAULTVISOR_SET, value: ${JSON.stringify(set.join('\n'))} }`,
  };
};
