import { watchFile } from '../config/watch.ts';
import { makeFolders } from '../folders.ts';
import { homeMode } from '../home-mode.ts';
import { homeAt } from '../layout.ts';
import { lockFolder } from '../process/lock-folder.ts';
import { requireKnownFileSystem } from '../process/locks/exclusion.ts';
import { requireLinux } from '../process/machine.ts';
import { takeSupervisorLock } from '../process/supervisor-lock.ts';
import { bootConfig } from './boot-config.ts';
import { type Daemon, type DaemonOptions, overHome } from './over-home.ts';

/**
 * Takes the home that the file names, and its locks; then everything over it.
 * @throws VisorError `config` (78) without a file that is valid or was, `busy` (75) where another daemon holds this home
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  requireLinux();
  const watching = new AbortController();
  let changed = () => {};
  // before the first read, so that no edit falls between
  await watchFile(options.file, () => changed(), watching.signal);
  try {
    const boot = await bootConfig(options);
    const home = homeAt(boot.home);
    requireKnownFileSystem(home.root);
    await makeFolders(home.root, homeMode({ users: false, group: false }));
    const { lockDir = null } = (boot.proposal?.inForce ?? boot.before)?.config ?? {};
    // both folders are proved at once: each proof is three processes, one after the other
    const proving = lockFolder({ lockDir, fallback: home.locks });
    proving.catch(() => {}); // told where it is awaited
    const lock = await takeSupervisorLock(home.supervisorLock);
    const daemon = await overHome({ ...options, home, lock, locks: await proving, boot });
    changed = () => void daemon.reload();
    const stop = () => {
      watching.abort();
      return daemon.stop();
    };
    return { ...daemon, stop };
  } catch (error) {
    watching.abort();
    throw error;
  }
}
