import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { UnitFacts } from '../../systemd/unit/facts.ts';

/** The commands that are still to be given, in their order, as lines to copy. */
export async function nextSteps({ user, home }: UnitFacts, name: string): Promise<readonly string[]> {
  const isMissing = user !== 'root' && !(await exists(user));
  const isOutside = !home.startsWith('/var/lib/') && (await stat(home).catch(() => null)) === null;
  const commands = [
    ...(isMissing ? [`useradd --system --home-dir ${home} --shell /usr/sbin/nologin ${user}`] : []),
    ...(isOutside ? [`install -d -o ${user} -m 0700 ${home}`] : []),
    'systemctl daemon-reload',
    `systemctl enable --now ${name}`,
    `systemctl status ${name}`,
  ];
  return ['Now:', ...commands.map((command) => `  ${command}`)];
}

const exists = (user: string): Promise<boolean> =>
  new Promise((done) => {
    execFile('id', ['-u', user], (error) => done(error === null));
  });
