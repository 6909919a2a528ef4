/** What a login, a shell or systemd gives to every process (systemd.exec(5), "Environment variables set on spawned processes"), and what is ours. */
const common = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|SHLVL|_|TERM|LANG|LANGUAGE|MAIL|EDITOR|PAGER|HOSTNAME|DISPLAY|COLORTERM)$/,
  /^(LC_|XDG_|SSH_|SUDO_|DBUS_|LS_COLORS$|LESS|DEBIAN_|DEB_)/,
  /^(INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_|MANAGERPID|MAINPID|NOTIFY_SOCKET|WATCHDOG_|LISTEN_|CREDENTIALS_DIRECTORY|MEMORY_PRESSURE_)/,
  /^(RUNTIME|STATE|CACHE|LOGS|CONFIGURATION)_DIRECTORY$/,
  /^(TRIGGER_|SERVICE_RESULT|EXIT_CODE|EXIT_STATUS|PIDFILE|LOG_NAMESPACE|REMOTE_)/,
  /^(NODE_OPTIONS|LD_|VAULTVISOR_)/,
];

/** What somebody set for this program, of the variables that it has. */
export const ownVariables = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !common.some((pattern) => pattern.test(name))));

/** Reads `NAME=value` texts, as /proc/<pid>/environ, systemd and Docker have them. */
export const variablesIn = (texts: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    texts.flatMap((text) => {
      const at = text.indexOf('=');
      return at > 0 ? [[text.slice(0, at), text.slice(at + 1)]] : [];
    }),
  );

/** Names of the clients' own variables: never a matter of the shell. */
const clients = /^(RUST_LOG|BITCOIN_|SPACEWALK_|STELLAR_|PROMETHEUS_|NO_PROMETHEUS|KEY)/;

/** What a client that was started from a shell has from that shell, as we have it too, is nobody's wish for it. */
export function withoutOurs(env: Readonly<Record<string, string>>, ours: NodeJS.ProcessEnv = process.env) {
  const isShared = ([name, value]: [string, string]): boolean => ours[name] === value && !clients.test(name);
  const all = Object.entries(env);
  return {
    env: Object.fromEntries(all.filter((one) => !isShared(one))),
    shared: all.filter(isShared).map(([name]) => name),
  };
}
