/** Who needs the way through a home, beside the daemon's own user. */
export interface Passers {
  /** A client with a user of its own: its program and its data lie below. */
  readonly users: boolean;
  /** Members of `control.group`, on their way to their socket; the home is given to that group then. */
  readonly group: boolean;
}

/** The strictest mode of a home that lets them through. Nobody else ever lists or reads it: what lies there has modes of its own. */
export const homeMode = ({ users, group }: Passers): number => (users ? 0o711 : group ? 0o710 : 0o700);

/** Modes that we give a home. Any other is a person's, who has his reasons: doctor tells of it. */
export const isOurMode = (mode: number): boolean => [0o700, 0o710, 0o711].includes(mode & 0o777);
