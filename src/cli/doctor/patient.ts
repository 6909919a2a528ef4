import { findKeyCopies } from '../../config/key-copies.ts';
import { parseArgsFile } from '../../config/load.ts';
import type { Problem } from '../../config/problem.ts';
import { withFiles } from '../../config/read-files.ts';
import type { Config } from '../../config/settings.ts';
import { findConfig } from '../../daemon/find-config.ts';
import type { Patient } from '../../doctor/patient.ts';
import { homeAt } from '../../layout.ts';
import type { Context } from '../context.ts';
import { configInForce } from '../disk/in-force.ts';
import type { Located } from '../home.ts';
import { type Seen, see } from '../look.ts';
import { matching, nameOf } from '../pick.ts';
import { ownVersion } from '../version.ts';

/** All that is known before anything is examined. A file that is missing or invalid is something to tell, not an error. @throws VisorError `usage` for a place that is none */
export async function patientOf(place: string | undefined, { file }: Context): Promise<Patient> {
  const { text, home: root, accepted } = await findConfig(file);
  const { config: said, problems } = await read(text);
  const config = said ?? configInForce({ text, accepted });
  const home = root === null ? null : homeAt(root);
  const seen = await lookAt(home === null ? null : { home, text, accepted });
  const clients = matching(
    config?.networks.flatMap((network) => network.clients) ?? [],
    config === null ? undefined : place,
  );
  const names = new Set(clients.map(({ network }) => network));
  return {
    file,
    text,
    problems,
    config,
    accepted,
    home,
    version: ownVersion(),
    daemon: seen?.daemon ?? null,
    silence: seen?.fromDisk ?? null,
    instances: (seen?.instances ?? []).filter(
      (one) => place === undefined || [one.network, nameOf(one)].includes(place),
    ),
    networks: config?.networks.filter(({ name }) => place === undefined || names.has(name)) ?? [],
    clients,
  };
}

async function read(text: string | null): Promise<{ config: Config | null; problems: readonly Problem[] }> {
  if (text === null) return { config: null, problems: [] };
  const parsed = parseArgsFile(text);
  if (!parsed.ok) return { config: null, problems: parsed.problems };
  const { config } = parsed;
  return { config, problems: [...(await findKeyCopies(text, config)), ...(await withFiles(text, config)).problems] };
}

/** What cannot be read on disk one of the checks tells. */
const lookAt = async (located: Located | null): Promise<Seen | null> =>
  located === null ? null : see(located).catch(() => null);
