import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AGENT_IMAGE, buildAgentImage } from '../docker/agent-image.ts';
import { buildClientImage, type ClientImage } from '../docker/client-image.ts';
import { createEngine } from '../docker/engine.ts';
import { BASE, buildImage, buildOn, IMAGE } from '../docker/image.ts';
import { PAUSE } from './settings.ts';

/** By the names that the node knows them by. */
export const images = {
  /** vaultvisor over a client's own image. */
  wrapped: 'localhost/vault:lab',
  daemon: 'localhost/vaultvisor:lab',
  agent: 'localhost/vault-agent:lab',
};

/** Built by Docker, by the project's own Dockerfiles. @returns the tar that has them all, and the client's image */
export async function buildAll(
  folder: string,
  say: (line: string) => void,
): Promise<{ readonly tar: string; readonly client: ClientImage }> {
  const own = join(folder, 'docker');
  await mkdir(own, { recursive: true });
  const engine = createEngine(own);
  await engine.start();
  try {
    await buildImage(engine, own, say);
    const client = await buildClientImage(engine, own);
    await buildOn(engine, 'vaultvisor-lab-wrap', client.name);
    await buildAgentImage(engine, client);
    const pause = join(own, 'pause');
    await mkdir(pause, { recursive: true });
    const lines = [`FROM ${BASE}`, 'ENTRYPOINT ["/usr/bin/tini", "-s", "--", "sleep", "infinity"]', ''];
    await writeFile(join(pause, 'Dockerfile'), lines.join('\n'));
    await engine.build(PAUSE, pause, '--network', 'none');
    const named = { 'vaultvisor-lab-wrap': images.wrapped, [IMAGE]: images.daemon, [AGENT_IMAGE]: images.agent };
    for (const [from, to] of Object.entries(named)) await engine.docker('tag', from, to);
    const tar = join(folder, 'images.tar');
    await rm(tar, { force: true });
    await engine.docker('save', '-o', tar, PAUSE, ...Object.values(images));
    return { tar, client };
  } finally {
    await engine.close();
  }
}
