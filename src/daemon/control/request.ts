import type { UpdateId } from '../../core/instance.ts';
import { parseChecksum } from '../../core/release.ts';
import { isUpdateId } from '../../data/kept.ts';
import { VisorError } from '../../errors.ts';
import { severities } from '../../notify/message.ts';
import type { Tried } from '../notify/trial.ts';
import type { Act } from './acts.ts';

/** Requests on the control socket, read strictly: what is not understood is refused, never guessed. */
export const readRequest = {
  apply(body: unknown): { readonly allowRemove: boolean } {
    return { allowRemove: flag(objectOf(body), 'allowRemove') };
  },
  act(body: unknown): { readonly network: string; readonly client: string; readonly act: Act } {
    const request = objectOf(body);
    return { network: text(request, 'network'), client: text(request, 'client'), act: actOf(objectOf(request['act'])) };
  },
  notifyTest(body: unknown): Tried {
    const request = objectOf(body);
    const severity = severities.find((one) => one === text(request, 'severity'));
    if (severity === undefined) throw refused('severity is none that there is');
    return { severity, receiver: request['receiver'] == null ? null : text(request, 'receiver') };
  },
  restore(body: unknown): { readonly network: string; readonly client: string; readonly update: UpdateId } {
    const request = objectOf(body);
    const update = text(request, 'update');
    if (!isUpdateId(update)) throw refused('update is no name of a switch');
    return { network: text(request, 'network'), client: text(request, 'client'), update };
  },
};

type Fields = Readonly<Record<string, unknown>>;

function actOf(fields: Fields): Act {
  const act = text(fields, 'act');
  switch (act) {
    case 'hold':
      return { act, for: fields['for'] === null ? null : duration(fields) };
    case 'unhold':
    case 'stop':
    case 'restart':
    case 'rollback':
    case 'unpin':
      return { act };
    case 'start':
      return { act, skipGuard: fields['skipGuard'] == null ? null : text(fields, 'skipGuard') };
    case 'retry':
      return { act, checksum: fields['checksum'] == null ? null : checksum(fields) };
    case 'approve':
      return { act, checksum: checksum(fields), withdraw: flag(fields, 'withdraw') };
    case 'pin':
      return {
        act,
        checksum: checksum(fields),
        uri: fields['uri'] == null ? null : text(fields, 'uri'),
        forever: flag(fields, 'forever'),
      };
  }
  throw refused(`${JSON.stringify(act)} is nothing that this daemon can do`);
}

function objectOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw refused('an object is missing');
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value === 'string') return value;
  throw refused(`${key} is not a text`);
}

function flag(fields: Fields, key: string): boolean {
  const value = fields[key] ?? false;
  if (typeof value === 'boolean') return value;
  throw refused(`${key} is neither true nor false`);
}

function duration(fields: Fields): number {
  const value = fields['for'];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw refused('for is not a number of milliseconds');
}

function checksum(fields: Fields): string {
  const value = parseChecksum(text(fields, 'checksum'));
  if (value !== null) return value;
  throw refused('checksum is not 64 hex digits');
}

const refused = (what: string) =>
  new VisorError(
    'usage',
    `The request was not understood: ${what}`,
    'Nothing was done. The command and the daemon may be of different versions.',
  );
