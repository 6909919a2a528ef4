import { fresh, wrongEnd } from '../right-end.ts';
import type { SystemdHost } from './host.ts';

/** Tries it under further lines of `[Service]`; then all is as the page recommends it again. */
export async function under(
  host: Pick<SystemdHost, 'stage' | 'systemctl' | 'settings'>,
  lines: string,
  body: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const { stage, systemctl } = host;
  await host.settings(lines);
  try {
    await systemctl('restart', 'vaultvisor');
    await fresh(stage);
    const seen = stage.journal().length;
    const wrong = await body();
    await stage.behave(null);
    await systemctl('start', 'vaultvisor');
    const served = await fresh(stage);
    return [...wrong, ...(await wrongEnd(stage, stage.journal().slice(seen), served))];
  } finally {
    await host.settings(null);
    await stage.behave(null);
    await systemctl('restart', 'vaultvisor');
    await fresh(stage);
  }
}
