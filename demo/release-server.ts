import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A host of release files that can be slow and can serve the wrong bytes. */
export interface ReleaseServer {
  readonly url: string;
  /** Serves these bytes under this path. `bytesPerSecond`: as a slow host does. */
  put(path: string, bytes: Buffer, options?: { bytesPerSecond?: number }): string;
  /** How many transfers of a path were begun. */
  asked(path: string): number;
  stop(): Promise<void>;
}

export async function startReleaseServer(): Promise<ReleaseServer> {
  const files = new Map<string, { bytes: Buffer; bytesPerSecond: number }>();
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const file = files.get(path);
    asked.set(path, (asked.get(path) ?? 0) + 1);
    if (file === undefined) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = file.bytes.subarray(from);
    const range = { 'content-range': `bytes ${from}-${file.bytes.length - 1}/${file.bytes.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      etag: `"${path}"`,
      ...(from > 0 ? range : {}),
    });
    void pour(response, rest, file.bytesPerSecond);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    put(path, bytes, { bytesPerSecond = Number.POSITIVE_INFINITY } = {}) {
      files.set(path, { bytes, bytesPerSecond });
      return `${url}${path}`;
    },
    asked: (path) => asked.get(path) ?? 0,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function pour(response: ServerResponse, bytes: Buffer, bytesPerSecond: number): Promise<void> {
  const step = Number.isFinite(bytesPerSecond) ? Math.ceil(bytesPerSecond / 20) : bytes.length;
  for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
    response.write(bytes.subarray(at, at + step));
    if (at + step < bytes.length) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  response.end();
}
