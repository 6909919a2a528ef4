import { execFile } from 'node:child_process';

/** What a unit is written for where nobody can be asked: that of Debian 12, whose unit every newer one understands. */
const usual = 252;

/** Which systemd this machine has. */
export const systemdHere = (): Promise<number> =>
  new Promise((done) => {
    execFile('systemctl', ['--version'], (error, stdout) =>
      done(error === null ? Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? usual) : usual),
    );
  });
