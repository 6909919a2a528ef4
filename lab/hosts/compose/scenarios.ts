import { buildAgentImage } from '../docker/agent-image.ts';
import { buildOn } from '../docker/image.ts';
import type { Running } from '../docker/scenarios.ts';
import type { Scenario } from '../host.ts';
import type { Program } from './common.ts';
import { mainForm } from './main.ts';
import { versionOf } from './project.ts';
import { networkForm, sidecarForm } from './sidecar.ts';

const IMAGE = 'vaultvisor-lab-wrap';

/** The files of deploy/ as Compose runs them: only the lines that they mark as their user's are others. */
export async function composeScenarios(host: Running, program: Program | null): Promise<readonly Scenario[]> {
  if (program === null) return [];
  await buildOn(host.engine, IMAGE, host.client.name);
  await buildAgentImage(host.engine, host.client);
  const by = `Compose ${await versionOf(program)}`;
  return [...mainForm(host, program, IMAGE), ...sidecarForm(host, program), ...networkForm(host, program)].map(
    ({ words, run }) => ({ words: `${by}, ${words}`, run }),
  );
}
