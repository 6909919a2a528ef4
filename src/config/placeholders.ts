/** What may be filled in; every other brace belongs to the client. */
export interface Values {
  readonly network: string;
  readonly client: string;
  /** The first of the list as it is written; `null`: the network has none. */
  readonly endpoint: string | null;
  readonly data: string;
}

/** Fills in all but `{version}`, which belongs to the release. One pass: what is filled in is not looked at again. */
export function fillIn(text: string, values: Values): string {
  return text.replace(/\{(network|client|endpoint|data)\}/g, (whole, name: keyof Values) => values[name] ?? whole);
}

/** `{data}` alone, as the working directory may begin with it. */
export const fillInData = (text: string, data: string): string => text.replace(/^\{data\}/, () => data);

export const uses = (text: string, placeholder: 'endpoint' | 'version'): boolean => text.includes(`{${placeholder}}`);

/** Secrets that whoever starts the client puts in then: its agent out of its own container, else the daemon. */
export const holdsSecret = (text: string): boolean => text.includes('{secret:');
