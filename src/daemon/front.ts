import { redactValue } from '../config/redact.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { serveHttp } from '../observe/http.ts';
import type { Look } from '../observe/look.ts';
import type { Metrics } from '../observe/metrics.ts';

/** The pages that machines read: metrics, health, status. */
export interface Front {
  /** Serves them there from now on; `null`: nowhere. That it cannot is told, and stops nothing. */
  listen(where: { readonly host: string; readonly port: number } | null): Promise<void>;
  stop(): Promise<void>;
}

export function createFront(metrics: Metrics, look: () => Look, log: Log): Front {
  let served: { key: string; stop(): Promise<void> } | null = null;
  const stop = async () => {
    await served?.stop();
    served = null;
  };
  return {
    stop,
    async listen(where) {
      const key = JSON.stringify(where);
      if (served?.key === key) return;
      await stop();
      if (where === null) return;
      try {
        const page = {
          metrics: async () => ({ type: metrics.contentType, text: await metrics.text(look()) }),
          look: () => redactValue(look()) as Look,
        };
        const { address, stop: end } = await serveHttp(where, page, log);
        served = { key, stop: end };
        log.info({ address }, 'metrics are served');
      } catch (error) {
        log.error(
          { listen: `${where.host}:${where.port}`, reason: sentenceOf(error) },
          'metrics cannot be served there; everything else goes on',
        );
      }
    },
  };
}
