/**
 * Ends a process that was looked up. A pid of 0 would be our own group, and one of 1 the machine.
 * @throws Error where there is none to be ended
 */
export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid <= 1) throw new Error(`there is no process to be sent ${signal}`);
  process.kill(pid, signal);
}

/** The same, where it may have left meanwhile. */
export function killIfThere(pid: number): void {
  try {
    kill(pid);
  } catch {
    // it has left
  }
}
