import { CHILD_MARK, STARTER_MARK } from '../who/marks.ts';

/**
 * What is meant for us and would mislead the client: systemd's sockets and watchdog, Node's and the dynamic linker's options, and our own settings.
 */
const STRIPPED = [/^NOTIFY_SOCKET$/, /^WATCHDOG_/, /^LISTEN_/, /^NODE_OPTIONS$/, /^LD_/, /^VAULTVISOR_/];

type Environment = Readonly<Record<string, string | undefined>>;

/** Ours without what is meant for us, then what the operator set for the client. */
export function ownEnvironment(base: Environment, own: Environment): Record<string, string> {
  const kept = Object.entries(base).filter(([name]) => !STRIPPED.some((pattern) => pattern.test(name)));
  const merged = Object.entries({ ...Object.fromEntries(kept), ...own });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The client's environment, with the marks by which it is found again. */
export function cleanEnvironment(base: Environment, own: Environment, identity: string): Record<string, string> {
  return ownEnvironment(base, { ...own, [CHILD_MARK]: identity, [STARTER_MARK]: String(process.pid) });
}
