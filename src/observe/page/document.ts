import { hash } from 'node:crypto';
import { html } from './html.ts';
import { script } from './script.ts';
import { headline, type Seen, sectionsOf } from './sections.ts';
import { style } from './style.ts';

const hashed = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;

/** What a browser may do with the page: run and look as it was sent, ask us for what is new, and nothing else. */
export const contentPolicy = [
  "default-src 'none'",
  `script-src ${hashed(script)}`,
  `style-src ${hashed(style)}`,
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The whole page, as it is without a script. */
export function documentOf(seen: Seen, now: number): string {
  const parts = sectionsOf(seen);
  const at = new Date(now).toISOString();
  const { markup: title } = html`${headline(seen.look.instances)} · vaultvisor`;
  const { markup: time } = html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/icon.svg">
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the clients</a>
<header>
<div class="brand"><b>vaultvisor</b><span id="live" class="live" role="status">As of ${time}</span></div>
<div id="summary">${parts['summary']}</div>
</header>
<p id="said" class="unseen" role="status" aria-live="polite"></p>
<main id="main">
<section aria-labelledby="clients-name"><h2 id="clients-name">Clients</h2><div id="clients">${parts['clients']}</div></section>
<section aria-labelledby="details-name"><h2 id="details-name">In detail</h2><div id="details">${parts['details']}</div></section>
<section aria-labelledby="chains-name"><h2 id="chains-name">Chains</h2><div id="chains">${parts['chains']}</div></section>
</main>
<footer>
<p id="daemon">${parts['daemon']}</p>
<p>This page only shows; commands are given in a terminal of the machine. For programs: <a href="/metrics">metrics</a>, <a href="/status.json">status</a>, <a href="/readyz">readiness</a>.</p>
<noscript><p>This is how it was at ${time}. <a href="/">Look again</a>; with JavaScript it stays up to date by itself.</p></noscript>
</footer>
<script>${script}</script>
</body>
</html>
`;
}

/** In the tab of a browser. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#1f4fa8"/><path d="M4 5l4 7 4-7" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>\n';
