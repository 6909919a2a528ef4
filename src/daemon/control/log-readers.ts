import { VisorError } from '../../errors.ts';
import type { Home } from '../../layout.ts';
import { type LogLine, readLogs, type Wanted } from '../logs/read-logs.ts';

/** A client, with what takes its secrets out of whatever it wrote. */
export interface Discreet {
  readonly network: string;
  readonly client: string;
  quiet<T>(value: T): T;
  /** Before the first line: reads what it must know for that. */
  learnSecrets(): Promise<void>;
}

/** Each keeps a file open and looks at others several times a second. */
const MOST = 8;

export interface LogReaders {
  /** What the clients wrote that `query` names, and write on. @throws VisorError `usage`, or `busy` where too many read */
  begin(query: URLSearchParams, signal: AbortSignal): AsyncIterable<LogLine>;
}

/** Reads the output of clients to those who may not open its files: what one was given as a secret and wrote down is not in it. */
export function createLogReaders(home: Home, clients: () => readonly Discreet[]): LogReaders {
  let readers = 0;

  async function* lines(meant: ReadonlyMap<string, Discreet>, wanted: Wanted, signal: AbortSignal) {
    try {
      await Promise.all([...meant.values()].map((one) => one.learnSecrets()));
      for await (const line of readLogs(home, [...meant.values()], wanted, signal)) {
        const { run, text } = line;
        yield { ...line, ...meant.get(placeOf(line))?.quiet({ run, text }) };
      }
    } finally {
      readers -= 1;
    }
  }

  return {
    begin(query, signal) {
      const wanted = wantedIn(query);
      const places = query.getAll('place');
      const meant = new Map(clients().flatMap((one) => (places.includes(placeOf(one)) ? [[placeOf(one), one]] : [])));
      if (readers >= MOST)
        throw new VisorError(
          'busy',
          `${MOST} others read what the clients write already`,
          'Nothing was done. Say it again when one of them has ended.',
        );
      readers += 1;
      return lines(meant, wanted, signal);
    },
  };
}

const placeOf = ({ network, client }: Pick<LogLine, 'network' | 'client'>): string => `${network}/${client}`;

function wantedIn(query: URLSearchParams): Wanted {
  const since = query.get('since');
  const moment = since === null ? null : Date.parse(since);
  if (Number.isNaN(moment)) throw new VisorError('usage', `since is no time: ${since}`, 'Nothing was done.');
  return {
    lines: countIn(query, 'lines'),
    since: moment,
    past: query.get('past') === 'true',
    follow: query.get('follow') === 'true',
  };
}

/** A whole number from 1; `null`: it is not said. @throws VisorError `usage` */
export function countIn(query: URLSearchParams, key: string): number | null {
  const said = query.get(key);
  if (said === null) return null;
  if (/^[1-9]\d{0,8}$/.test(said)) return Number(said);
  throw new VisorError('usage', `${key} is not a whole number from 1: ${said}`, 'Nothing was done.');
}
