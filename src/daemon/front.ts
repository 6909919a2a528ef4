import { redactValue } from '../config/redact.ts';
import type { Notice } from '../core/notices/notice.ts';
import { sentenceOf } from '../errors.ts';
import { late } from '../late.ts';
import type { Log } from '../log.ts';
import type { Place } from '../observe/happenings.ts';
import { type Listen, serveHttp } from '../observe/http.ts';
import type { Look } from '../observe/look.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Seen } from '../observe/page/sections.ts';
import type { Line } from '../observe/words/story.ts';
import type { Timeline } from './timeline.ts';

const meterBox = late(() => import('../observe/metrics.ts'));

/** The pages that people and machines read: the overview, metrics, health, status. */
export interface Front {
  /** Counts what happened, once anybody may ask. */
  told(instance: Place, notice: Notice): void;
  /** Serves them there from now on; `null`: nowhere. That it cannot is told, and stops nothing. */
  listen(where: Listen | null): Promise<void>;
  stop(): Promise<void>;
}

export function createFront(look: () => Look, timeline: Pick<Timeline, 'of'>, log: Log): Front {
  let served: { key: string; stop(): Promise<void> } | null = null;
  let metrics: Metrics | null = null;
  /** What happened before the file said whether anybody will ask. */
  let early: [Place, Notice][] | null = [];

  /** Loaded where somebody scrapes: the others are up 30 ms sooner, and 10 MB smaller. */
  async function meters(): Promise<Metrics> {
    const { createMetrics } = await meterBox();
    if (metrics !== null) return metrics;
    metrics = createMetrics();
    for (const [instance, notice] of early ?? []) metrics.told(instance, notice);
    early = null;
    return metrics;
  }

  const shown = () => redactValue(look()) as Look;

  async function seen(): Promise<Seen> {
    const present = shown();
    const lines = await Promise.all(
      present.instances.map(async (one) => [one, redactValue(await timeline.of(one)) as readonly Line[]] as const),
    );
    const of = new Map(lines);
    return { look: present, linesOf: (one) => of.get(one) ?? [] };
  }

  async function stop(): Promise<void> {
    await served?.stop();
    served = null;
  }

  return {
    stop,
    told(instance, notice) {
      if (metrics === null) early?.push([instance, notice]);
      else metrics.told(instance, notice);
    },
    async listen(where) {
      const key = JSON.stringify(where);
      if (served?.key === key) return;
      await stop();
      if (where === null) {
        early = null;
        return;
      }
      try {
        const { contentType, text } = await meters();
        const page = {
          metrics: async () => ({ type: contentType, text: await text(look()) }),
          look: shown,
          seen,
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
