/** What runs a client today, as the machine shows it: nothing in it is a guess. */
export interface Running {
  /** `the unit vault.service`, `pid 4711`, `the container 0a1b2c3d4e5f`. */
  readonly what: string;
  /** The client's own command line, its program first: of the old runner, that of the child below it, where one is up. */
  readonly words: readonly string[];
  /** That of the old runner above it; `null`: there is none. */
  readonly runner: readonly string[] | null;
  /** The file that is executed; `null`: nothing is up, and the command line does not tell. */
  readonly program: string | null;
  readonly cwd: string;
  readonly user: { readonly name: string; readonly uid: number } | null;
  /** Only what somebody set for it: what every process has is left out. */
  readonly env: Readonly<Record<string, string>>;
  /** How it is asked to leave, where its host was told; `null`: as by default. */
  readonly signal: string | null;
  /** Milliseconds that its host waits then; `null`: as by default. */
  readonly grace: number | null;
  /** The unit that runs it. */
  readonly unit: string | null;
  /** What cannot be carried over, or wants to be looked at, in sentences. */
  readonly remarks: readonly string[];
}
