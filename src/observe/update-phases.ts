import type { Notice } from '../core/notices/notice.ts';

export interface Phase {
  readonly phase: 'fetch' | 'switch' | 'prove';
  readonly seconds: number;
}

interface Begun {
  readonly of: unknown;
  readonly since: number;
}

/**
 * Measures the updates of one instance between notices: fetch (named to verified on disk), switch (nothing runs), prove
 * (started to committed). Time in which a person kept the client stopped is no part of an update.
 */
export function createStopwatch(): (notice: Notice) => Phase | null {
  const begun = new Map<'named' | 'pending' | 'stopped' | 'started', Begun>();
  let isStoppedByPerson = false;
  const begin = (what: Parameters<typeof begun.set>[0], of: unknown) =>
    begun.set(what, { of, since: performance.now() });
  const take = (what: Parameters<typeof begun.get>[0], of: unknown): number | null => {
    const here = begun.get(what);
    if (here === undefined || here.of !== of) return null;
    begun.delete(what);
    return (performance.now() - here.since) / 1000;
  };
  return ({ event, checksum, deployment, to }) => {
    switch (event) {
      case 'announced':
      case 'pinned':
        begin('named', checksum);
        return null;
      case 'pending':
        begin('pending', checksum);
        return null;
      case 'fetched':
        return phase('fetch', take('pending', checksum) ?? take('named', checksum));
      case 'asked':
        isStoppedByPerson = to === 'stopped';
        begun.delete('stopped');
        return null;
      case 'stopped':
        if (!isStoppedByPerson) begin('stopped', null);
        return null;
      case 'restarted':
        begun.delete('stopped');
        return null;
      case 'started':
        begin('started', deployment);
        return phase('switch', take('stopped', null));
      case 'committed':
        return phase('prove', take('started', deployment));
    }
    return null;
  };
}

const phase = (name: Phase['phase'], seconds: number | null): Phase | null =>
  seconds === null ? null : { phase: name, seconds };
