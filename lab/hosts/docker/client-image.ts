import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.ts';
import { unless } from '../right-end.ts';
import type { Engine } from './engine.ts';
import { BASE } from './image.ts';

/** An image that knows nothing of us: another user, no tini, and a library without which its client does not start. */
export interface ClientImage {
  readonly name: string;
  /** Outside: what the client is linked with. */
  readonly library: string;
}

/** What it is called inside, and in the client's own list of what it needs. */
const LIBRARY = 'liblabclient.so.1';

export async function buildClientImage(engine: Engine, folder: string): Promise<ClientImage> {
  const name = 'vaultvisor-lab-client';
  const context = join(folder, 'client');
  const library = join(context, LIBRARY);
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, 'library.c'), 'int lab_client(void) { return 1; }\n');
  await command('cc', '-shared', '-fPIC', `-Wl,-soname,${LIBRARY}`, '-o', library, join(context, 'library.c'));
  const lines = [
    `FROM ${BASE}`,
    'RUN dpkg --purge tini && useradd --uid 1000 vault && echo client-image > /etc/whose',
    `COPY ${LIBRARY} /usr/local/lib/${LIBRARY}`,
    'RUN ldconfig',
    'USER vault',
    'WORKDIR /home',
    'ENV FROM_THE_IMAGE=yes',
    'STOPSIGNAL SIGQUIT',
    'ENTRYPOINT ["/bin/false"]',
    '',
  ];
  writeFileSync(join(context, 'Dockerfile'), lines.join('\n'));
  await engine.build(name, context, '--network', 'none');
  return { name, library };
}

/** Whether this process runs with the library of its image. */
export const libraryOf = (pid: number | undefined): readonly string[] =>
  unless(
    readFileSync(`/proc/${pid}/maps`, 'utf8').includes(`/usr/local/lib/${LIBRARY}`),
    'the client has not the library of its image',
  );
