import { join, resolve } from 'node:path';
import type { ClientImage } from './client-image.ts';
import type { Engine } from './engine.ts';
import { IMAGE } from './image.ts';

/** A client's image with the agent as its entry point. */
export const AGENT_IMAGE = 'vaultvisor-lab-agent';

const project = resolve(import.meta.dirname, '../../..');

/** By the project's own Dockerfile.agent. */
export async function buildAgentImage(engine: Engine, client: ClientImage): Promise<void> {
  const bases = ['--build-arg', `VAULTVISOR_IMAGE=${IMAGE}`, '--build-arg', `CLIENT_IMAGE=${client.name}`];
  await engine.build(AGENT_IMAGE, project, '--network', 'none', '--file', join(project, 'Dockerfile.agent'), ...bases);
}
