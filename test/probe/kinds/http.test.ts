import { expect, test } from 'vitest';
import { probeHttp } from '../../../src/probe/kinds/http.ts';
import { startIdle } from '../support/processes.ts';
import { freePort, never, serve } from '../support/servers.ts';

const ours = process.pid;

test.each([200, 204, 299])('%i passes', async (status) => {
  const { url } = await serve((_request, response) => response.writeHead(status).end());
  expect(await probeHttp(`${url}/health`, ours, 5_000, never)).toEqual({ is: 'passed' });
});

test.each([301, 404, 503])('%i fails, and a redirect is not followed', async (status) => {
  const paths: string[] = [];
  const { url } = await serve((request, response) => {
    paths.push(request.url!);
    response.writeHead(request.url === '/fine' ? 200 : status, { location: '/fine' }).end('text');
  });
  const why = `${url}/health answered ${status}`;
  expect(await probeHttp(`${url}/health?key=secret`, ours, 5_000, never)).toEqual({ is: 'failed', why });
  expect(paths).toEqual(['/health?key=secret']);
});

test("another's server is not asked at all", async () => {
  let asked = 0;
  const { url } = await serve((_request, response) => {
    asked += 1;
    response.end();
  });
  const outcome = await probeHttp(url, startIdle(), 5_000, never);
  expect(outcome).toMatchObject({ is: 'failed', why: expect.stringContaining('not listened on by our child') });
  expect(asked).toBe(0);
});

test('a name is resolved to our listener, and the server is told the name', async () => {
  let host: string | undefined;
  const { port } = await serve((request, response) => {
    host = request.headers.host;
    response.end();
  });
  expect(await probeHttp(`http://localhost:${port}/`, ours, 5_000, never)).toEqual({ is: 'passed' });
  expect(host).toBe(`localhost:${port}`);
});

test('silence, a body that never ends, a torn connection, nobody: each fails in words', async () => {
  const silent = await serve(() => {});
  const endless = await serve((_request, response) => void response.writeHead(200).write('and so on'));
  const torn = await serve((request) => request.socket.destroy());
  const port = await freePort();
  const whyOf = (url: string) => probeHttp(url, ours, 100, never);
  expect(await whyOf(silent.url)).toEqual({ is: 'failed', why: `${silent.url}/ did not answer within 100ms` });
  expect(await whyOf(endless.url)).toEqual({ is: 'failed', why: `${endless.url}/ did not answer within 100ms` });
  expect(await whyOf(torn.url)).toMatchObject({ why: expect.stringContaining('did not answer: ') });
  expect(await whyOf(`http://127.0.0.1:${port}`)).toMatchObject({ why: `nothing listens on 127.0.0.1:${port}` });
});

test('an endless flood passes by its status: it is read to the cap only', async () => {
  const { url } = await serve((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', more);
    more();
  });
  expect(await probeHttp(url, ours, 5_000, never)).toEqual({ is: 'passed' });
});

test('an abort ends the asking, with its reason', async () => {
  const abort = new AbortController();
  const { url } = await serve(() => abort.abort(new Error('enough')));
  await expect(probeHttp(url, ours, 60_000, abort.signal)).rejects.toThrow('enough');
});
