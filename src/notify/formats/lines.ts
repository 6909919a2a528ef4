import type { Message } from '../message.ts';

/** What stands below the headline. */
export function linesOf({ reason, next, host, since, state, details }: Message): readonly string[] {
  const release = [details['version'], details['checksum']].filter((part) => part !== undefined).join(' ');
  return [
    ...(reason === null ? [] : [reason]),
    ...(release === '' ? [] : [`release ${release}`]),
    ...(since === null || state === 'told' ? [] : [`since ${since}`]),
    ...(next === null ? [] : [`on ${host}: ${next}`]),
  ];
}
