import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/log.ts';
import { serveHttp } from '../../../src/observe/http.ts';
import type { Look } from '../../../src/observe/look.ts';
import { chromiumPath } from '../../support/chromium.ts';
import { calm, hostile, lines, trouble } from '../../support/page-looks.ts';
import { createWorld, runs } from '../../support/world.ts';

// with CI=true it must be there: .ci/run installs it
const isMissing = chromiumPath === undefined && process.env['CI'] !== 'true';
if (isMissing) console.warn('skipped: no Chromium is installed here (apt-get install chromium)');

describe.skipIf(isMissing)('in a real Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    // as root, and in containers, it has no sandbox
    browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(() => browser?.close());

  async function served(first: Look) {
    let at = first;
    const pages = {
      metrics: async () => ({ type: '', text: '' }),
      look: () => at,
      seen: async () => ({ look: at, linesOf: lines }),
    };
    const server = await serveHttp({ host: '127.0.0.1', port: 0, hosts: [] }, pages, silentLog);
    onTestFinished(() => server.stop());
    return { url: `http://${server.address}/`, show: (next: Look) => (at = next), stop: server.stop };
  }

  /** A page of its own, and all that a browser has to complain of it. */
  async function open(url: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    const others: string[] = [];
    page.on('console', (message) => message.type() !== 'log' && complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => request.url().startsWith(url) || others.push(request.url()));
    await page.goto(url);
    if (options.javaScriptEnabled !== false) await page.getByText('Live', { exact: true }).waitFor();
    return { page, complaints, others };
  }

  test('a release that is committed shows by itself; focus, folds and marks stay, and it is said aloud', async () => {
    const world = await createWorld();
    const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
    await world.write({ 'kintsugi/vault': {} }, { http: { listen: '127.0.0.1:0' } });
    const daemon = world.start();
    await world.until('1.0.0 runs', runs(one));
    const [, address] = /"address":"([^"]+)"/.exec(await readFile(daemon.log, 'utf8')) ?? [];
    const { page, complaints, others } = await open(`http://${address}/`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const row = page.getByRole('row', { name: 'kintsugi/vault' });
    expect(await row.textContent()).toMatch(/running, healthy.*1\.0\.0/);
    await page.getByText('At any time').click();
    const copy = page.getByRole('button', { name: 'Copy vaultvisor check kintsugi/vault' });
    await copy.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Copied').first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('vaultvisor check kintsugi/vault');
    await page.evaluate(
      'document.body.dataset.kept = "yes"; window.told = []; new MutationObserver(() => told.push(said.textContent)).observe(said, { childList: true })',
    );
    const two = await world.name('kintsugi/vault', { version: '1.1.0', manner: 'steady' });
    await world.until('1.1.0 runs', runs(two));
    await page.getByText('1.1.0 passed its probation and is committed').waitFor();
    expect(await row.textContent()).toMatch(/running, healthy.*1\.1\.0/);
    expect(await page.evaluate('document.activeElement.ariaLabel')).toBe('Copy vaultvisor check kintsugi/vault');
    expect(await page.evaluate('document.body.dataset.kept')).toBe('yes');
    expect(await page.getByText('all that has happened').isVisible()).toBe(true);
    expect(await page.evaluate('told.join()')).toContain('kintsugi/vault: running, healthy, 1.1.0');
    expect([complaints, others]).toEqual([[], []]);
  });

  test('no rule of accessibility is broken, in light or dark, calm or in trouble', async () => {
    const { url, show } = await served(trouble());
    const { page } = await open(url);
    for (const summary of await page.locator('summary').all()) await summary.click();
    // evaluated from outside, which no policy of a page forbids
    await page.evaluate(axe.source);
    const broken = () =>
      page.evaluate(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map((n) => n.html)]))',
      );
    expect(await broken()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await broken()).toEqual([]);
    show(calm());
    await page.getByText('All 3 clients are well.').waitFor();
    expect(await broken()).toEqual([]);
  });

  test('without JavaScript it is a plain table, with all that there is to know', async () => {
    const { url } = await served(trouble());
    const { page, complaints } = await open(url, { javaScriptEnabled: false });
    expect(await page.getByRole('row').count()).toBe(7);
    expect(await page.getByRole('row', { name: 'interlay/oracle' }).textContent()).toContain(
      'is held back by a person',
    );
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.getByText('vaultvisor unhold interlay/oracle').isVisible()).toBe(true);
    expect(await page.locator('noscript').textContent()).toContain('Look again');
    expect(complaints).toEqual([]);
  });

  test('from 320 pixels on nothing is cut off to the side', async () => {
    for (const at of [calm(), trouble(), hostile()]) {
      const { url } = await served(at);
      const { page } = await open(url);
      for (const width of [320, 740, 961, 1280]) {
        await page.setViewportSize({ width, height: 700 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    }
  });

  test('what others wrote is text: nothing of it is executed, asked for, or laid out', async () => {
    const { url, show } = await served(calm());
    const { page, complaints, others } = await open(url);
    show(hostile());
    await page.getByText('<img src=x onerror').first().waitFor();
    await page.reload();
    await page.getByText('<img src=x onerror').first().waitFor();
    expect(await page.locator('img, iframe, object, script[src], main a:not([href^="#"])').count()).toBe(0);
    expect(await page.evaluate('typeof window.owned')).toBe('undefined');
    expect(await page.locator('body').textContent()).not.toContain('\u202e');
    expect([complaints, others]).toEqual([[], []]);
  });

  test('what a policy did not name does not run', async () => {
    const { url } = await served(calm());
    const { page, complaints } = await open(url);
    await page.evaluate(
      'const s = document.createElement("script"); s.textContent = "window.owned = 1"; document.body.append(s)',
    );
    expect(await page.evaluate('typeof window.owned')).toBe('undefined');
    expect(complaints.join()).toContain('Content Security Policy');
  });

  test('with a keyboard alone: the first key leads past the head, and commands can be read to their end', async () => {
    const { url } = await served(trouble());
    const { page } = await open(url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the clients');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('kintsugi/vault');
  });

  test('what had the focus and is gone leaves it to its heading', async () => {
    const { url, show } = await served(trouble());
    const { page } = await open(url);
    await page.getByRole('button', { name: 'Copy vaultvisor unhold interlay/oracle' }).focus();
    const { instances, ...rest } = trouble();
    show({ ...rest, instances: instances.map((one) => ({ ...one, held: null })) });
    await page.getByText('vaultvisor unhold interlay/oracle').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('interlay/oracle');
  });

  test('a daemon that has gone is told, and found again', async () => {
    const first = await served(calm());
    const { page } = await open(first.url);
    await first.stop();
    await page.getByText('Not connected; what is shown may be old').waitFor();
    const again = await serveHttp(
      { host: '127.0.0.1', port: Number(new URL(first.url).port), hosts: [] },
      {
        metrics: async () => ({ type: '', text: '' }),
        look: trouble,
        seen: async () => ({ look: trouble(), linesOf: () => [] }),
      },
      silentLog,
    );
    onTestFinished(() => again.stop());
    await page.getByText('2 of 6 clients want a look.').waitFor();
    while ((await page.title()) !== '2 of 6 clients want a look. · vaultvisor') await sleep(20);
    expect(await page.getByText('Live', { exact: true }).isVisible()).toBe(true);
  });
});
