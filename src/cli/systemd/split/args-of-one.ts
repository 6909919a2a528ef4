import { joined } from '../../../config/inherit.ts';
import type { ArgsFile, ClientFile } from '../../../config/schema.ts';
import { sharedLocks } from '../../../layout.ts';
import type { ArgsValue } from './instance.ts';

interface One {
  readonly network: string;
  readonly client: string;
  readonly home: string;
  readonly listen: string | null;
  /** Where `{data}` was until now, if that is to stay so. */
  readonly data: string | null;
}

/**
 * The args file of one client, made of that of all. Its arguments, folders and rules come out as before. What counts over several clients
 * (`maxUpdating`, `maxStarting`) is left out, as is who is told of other clients only.
 */
export function argsOfOne(file: ArgsFile, { network, client, home, listen, data }: One): ArgsValue {
  const { networks, defaults, http, notify, lockDir, maxUpdating: _, maxStarting: __, ...rest } = file;
  const whole = networks[network];
  const own = whole?.clients[client];
  const heard = notify && heardOf(notify, network, client);
  const placed = data === null ? own : stayed(joined({}, own) as ClientFile, defaults, data);
  return {
    ...rest,
    home,
    // named, so that none of several ever falls back to its own home
    lockDir: lockDir ?? sharedLocks,
    ...(defaults && { defaults: data === null ? defaults : filled(defaults, data) }),
    networks: { [network]: { ...whole, clients: { [client]: placed } } },
    ...(http && listen !== null && { http: { ...http, listen } }),
    ...(heard && { notify: heard }),
  };
}

/** Its data stay where they are: another folder would be another deployment, with an empty journal of payments. */
function stayed(own: ClientFile, defaults: ClientFile | undefined, data: string): ClientFile {
  const said = own.cwd ?? defaults?.cwd;
  return { ...(filled(own, data) as ClientFile), ...(said === undefined && { cwd: data }) };
}

/** With `{data}` as it was; in every text, as it may stand in each. */
function filled(value: unknown, data: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{data}', () => data);
  if (Array.isArray(value)) return value.map((item) => filled(item, data));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, filled(held, data)]));
}

type Notify = NonNullable<ArgsFile['notify']>;

/** Those who are told of this client; a file may name nobody else. */
function heardOf(notify: Notify, network: string, client: string): Notify | undefined {
  const isMeant = (place: string) => place === network || place === `${network}/${client}`;
  const receivers = Object.entries(notify.receivers).flatMap(([name, { only, except, ...rest }]) => {
    const meant = only?.filter(isMeant);
    if (meant?.length === 0 || except?.some(isMeant)) return [];
    return [[name, { ...rest, ...(meant && { only: meant }) }] as const];
  });
  return receivers.length === 0 ? undefined : { ...notify, receivers: Object.fromEntries(receivers) };
}
