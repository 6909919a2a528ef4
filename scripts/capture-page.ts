// Makes the picture of docs/page.md: the page as the program serves it, over the looks that its tests use. Needs a Chromium.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { silentLog } from '../src/log.ts';
import { serveHttp } from '../src/observe/http.ts';
import { chromiumPath } from '../test/support/chromium.ts';
import { lines, trouble } from '../test/support/page-looks.ts';

const { instances, networks, ...rest } = trouble();
const at = { ...rest, instances: instances.slice(0, 3), networks: networks.slice(0, 2) };
const pages = {
  metrics: async () => ({ type: '', text: '' }),
  look: () => at,
  seen: async () => ({ look: at, linesOf: lines }),
};
const server = await serveHttp({ host: '127.0.0.1', port: 0, hosts: [] }, pages, silentLog);
const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1100, height: 930 } });
await page.goto(`http://${server.address}/`);
await page.getByText('Live', { exact: true }).waitFor();
await page.screenshot({ path: join(import.meta.dirname, '../docs/page.png') });
await browser.close();
await server.stop();
