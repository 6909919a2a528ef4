import { isDeepStrictEqual } from 'node:util';
import { keyOf } from '../identity.ts';
import type { Finding } from '../problem.ts';
import type { ClientConfig, Config } from '../settings.ts';
import { clientsOf, settingPath } from './where.ts';

/** Whose account it is, the operator's own args say: no rule for a version, and no laid out file, may change that behind the lock. */
export function checkVersions(config: Config): readonly Finding[] {
  return clientsOf(config).flatMap((client) => [...otherKeys(client), ...laidOutKey(client)]);
}

function otherKeys(client: ClientConfig): readonly Finding[] {
  const { args, cwd, when = [] } = client.settings;
  return when.flatMap((rule, index) => {
    if (rule.args === undefined || isDeepStrictEqual(keyOf(rule.args, cwd), keyOf(args, cwd))) return [];
    const message =
      'must name the same --keyfile and --keyname as "args" do: the lock that keeps a second client of the account away is named by those';
    return [{ path: settingPath(client, 'when', index, 'args'), message }];
  });
}

function laidOutKey(client: ClientConfig): readonly Finding[] {
  if (!keyOf(client.settings.args, '/').file?.includes('{files}')) return [];
  const message =
    'must not name a --keyfile below {files}: the lock of its account is named by the key, and every deployment has files of its own; name the key where it lies';
  return [{ path: settingPath(client, 'args'), message }];
}
