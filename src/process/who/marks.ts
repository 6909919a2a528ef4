/** In the environment of every client: whose it is. Finds one that dropped its lock. */
export const CHILD_MARK = 'VAULTVISOR_CHILD';

/** In the environment of our own helpers: whose they are. */
export const HELPER_MARK = 'VAULTVISOR_HELPER';

/** In the environment of both: which process started them. Who has another parent is an orphan. */
export const STARTER_MARK = 'VAULTVISOR_STARTER';

/** The marks of one process; `null` where it has none, or we may not look. */
export interface Marks {
  readonly child: string | null;
  readonly helper: string | null;
  readonly starter: string | null;
}

/** Reads the marks from an environment as /proc/<pid>/environ gives it. */
export function parseMarks(variables: readonly string[]): Marks {
  const lookUp = (name: string): string | null => {
    const entry = variables.find((variable) => variable.startsWith(`${name}=`));
    return entry === undefined ? null : entry.slice(name.length + 1);
  };
  return { child: lookUp(CHILD_MARK), helper: lookUp(HELPER_MARK), starter: lookUp(STARTER_MARK) };
}

export const helperMarks = (identity: string): Record<string, string> => ({
  [HELPER_MARK]: identity,
  [STARTER_MARK]: String(process.pid),
});
