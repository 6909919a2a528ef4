import type { Finding } from '../problem.ts';
import type { ClientConfig, Config } from '../settings.ts';
import { clientsOf, nameOf, settingPath } from './where.ts';

/** What would put back more than the data of one client, or back up its own backups. */
export function checkData(config: Config): readonly Finding[] {
  const clients = clientsOf(config);
  return clients.flatMap((client) => {
    const message = wrongWith(client, clients, config.home);
    return message === null ? [] : [{ path: settingPath(client, 'data', 'dir'), message }];
  });
}

function wrongWith(client: ClientConfig, clients: readonly ClientConfig[], home: string): string | null {
  const { data } = client;
  if (data === null) return null;
  if (isWithin(home, data.dir)) return `must not hold the home, ${home}: the home would be backed up with it`;
  if (isWithin(data.backups, data.dir)) return `must not hold the folder of its backups, ${data.backups}`;
  if (isWithin(data.dir, data.backups)) return `must not lie in the folder of its backups, ${data.backups}`;
  const other = clients.find(
    (one) => one !== client && one.data && (isWithin(one.data.dir, data.dir) || isWithin(data.dir, one.data.dir)),
  );
  return other === undefined ? null : `must not share its folder with that of ${nameOf(other)}, ${other.data?.dir}`;
}

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
