export const replacedRemark = (pid: number, program: string): string =>
  `Its program is no longer on disk (${program} was removed or replaced while it ran): keep what runs with cp /proc/${pid}/exe ${program}, then import again.`;

/** The unit of docs/bare-metal.md allows so many. */
const OURS = 65_536;

export const filesRemark = (openFiles: number): string =>
  openFiles > OURS
    ? `It may open ${openFiles} files: a client has the limits of vaultvisor, so write LimitNOFILE=${openFiles} into its unit.`
    : `It may open ${openFiles} files; a client has the limits of vaultvisor, whose own unit allows ${OURS}.`;

export const runnerRemark =
  'The old runner removes a release when the chain names another: do not wait for long between this and the takeover, or start.initial is gone.';

export const madeUpRemark =
  'Its user is made up at each start (DynamicUser), so no "user" is written: once its unit is down nobody has that name. Make a user that stays (useradd --system NAME), give it the folders of the client (those below /var/lib are in /var/lib/private), and write it as "user".';

export const sharedRemark = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [
        `Variables that this shell has as well are left out: ${names.join(', ')}. Write into "env" which of them it needs.`,
      ];
