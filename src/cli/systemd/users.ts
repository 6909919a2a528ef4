/** Makes a user that owns nothing and cannot log in. */
export const makeUser = (user: string, home: string): string =>
  `useradd --system --home-dir ${home} --shell /usr/sbin/nologin ${user}`;
