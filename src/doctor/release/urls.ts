import type { ClientConfig } from '../../config/settings.ts';
import type { InstanceStatus } from '../../core/instance-status.ts';
import { obstacleTo } from '../../store/reach.ts';
import { shownUri } from '../../store/transfer/addresses.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf, type Patient } from '../patient.ts';

interface Address {
  readonly client: string;
  readonly what: string;
  readonly uri: string;
  readonly isOperators: boolean;
  /** Without it no update comes at all. */
  readonly isNeeded: boolean;
}

const PATIENCE = 20_000;

/** Whether what will be fetched next could be: the first byte is asked for. */
export const urls = check(
  'urls',
  async (patient, signal) => {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    const allowInsecure = patient.config?.allowInsecure ?? false;
    return Promise.all(
      addressesOf(patient).map(async (one) => {
        const permits = { allowInsecure, allowFile: one.isOperators || allowInsecure };
        const why = await obstacleTo(one.uri, permits, patience).catch(() => `no answer within ${PATIENCE / 1_000} s`);
        return { ...one, why };
      }),
    );
  },
  (seen) => {
    if (seen.length === 0) return skipped('No address is known yet from which anything would be fetched.');
    const complaints = seen.flatMap(({ client, what, uri, isNeeded, why }): Complaint[] => {
      if (why === null) return [];
      const sentence = `${what}, ${shownUri(uri)}, cannot be fetched: ${why}.`;
      const fix =
        'See that it answers from this machine (curl -I), through its proxy (HTTPS_PROXY) and with its certificates, or add a mirror (download.mirrors).';
      return [{ severity: isNeeded ? 'error' : 'warning', about: client, sentence, fix }];
    });
    return verdict(complaints, `${seen.length === 1 ? 'The address answers' : `All ${seen.length} addresses answer`}.`);
  },
);

function addressesOf({ clients, instances }: Patient): readonly Address[] {
  const all = clients.flatMap((config) => {
    const client = nameOf(config);
    const status = instances.find((one) => `${one.network}/${one.client}` === client);
    return [...ofFile(config, client), ...(status === undefined ? [] : ofRelease(config, status, client))];
  });
  return [...new Map(all.map((one) => [`${one.client} ${one.uri}`, one])).values()];
}

function ofFile({ source, initial, download }: ClientConfig, client: string): readonly Address[] {
  const own = { client, isOperators: true };
  const manifest =
    source.source === 'manifest' ? [{ ...own, what: 'Its manifest', uri: source.url, isNeeded: true }] : [];
  const first =
    initial === null ? [] : [{ ...own, what: 'Its first release (start.initial)', uri: initial, isNeeded: false }];
  const mirrors = download.mirrors.filter((uri) => !uri.includes('{'));
  return [...manifest, ...first, ...mirrors.map((uri) => ({ ...own, what: 'A mirror of it', uri, isNeeded: false }))];
}

/** What a manifest of the operator names is his own, a file too. */
function ofRelease({ source, download }: ClientConfig, status: InstanceStatus, client: string): readonly Address[] {
  if (download.fetch === 'never') return [];
  const { current, next, pending } = status;
  const isOperators = source.source === 'manifest';
  const coming = [next, pending].flatMap((one) =>
    one?.uri ? [{ client, what: 'The next release', uri: one.uri, isOperators, isNeeded: true }] : [],
  );
  const present = current?.uri
    ? [{ client, what: 'The present release', uri: current.uri, isOperators, isNeeded: false }]
    : [];
  return [...coming, ...present];
}
