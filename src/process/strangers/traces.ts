/** What gives a client of this account away in a command line: as the operator's file says it. */
export interface Traces {
  /** Absolute paths; compared by content, so that a copy counts. */
  readonly keyFiles: readonly string[];
  /** The value of `--keyname`: which key of the file. */
  readonly keyName: string | null;
  /** Whether a text is the client's account, whatever the network that it is written for; `null`: its account is not known. */
  readonly isAccount: ((text: string) => boolean) | null;
  /** Further texts that only a client of this account has in its arguments. */
  readonly texts: readonly string[];
  /** Files in which such a client writes its pid. */
  readonly pidFiles: readonly string[];
  /** Who has one of these in its command line is none. */
  readonly except: readonly string[];
}

/** Whether there is anything to look for. */
export const hasTraces = (traces: Traces): boolean =>
  traces.keyFiles.length + traces.texts.length + traces.pidFiles.length > 0 ||
  traces.keyName !== null ||
  traces.isAccount !== null;
