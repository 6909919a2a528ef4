import { hash } from 'node:crypto';

/** How a release of the demo behaves. */
export interface Behaviour {
  readonly version: string;
  /** `steady` serves; `crash` dies soon after its start, as a bad build does. */
  readonly manner: 'steady' | 'crash';
  /** Size of the file; the rest is padding. */
  readonly bytes?: number;
}

export interface Built {
  readonly version: string;
  readonly bytes: Buffer;
  readonly checksum: string;
}

/**
 * A client in a few lines. It is its own detector: it writes a line every 5 ms, and at its start it looks whether
 * another one of its account is alive. The supervisor is never asked how long nobody served, or whether two did.
 */
export function buildRelease({ version, manner, bytes = 0 }: Behaviour): Built {
  const code = `#!/usr/bin/env node
const fs = require('node:fs');
const version = ${JSON.stringify(version)};
const known = ['--network', '--endpoint'];
const unknown = process.argv.slice(2).find((arg) => arg.startsWith('--') && !known.includes(arg));
if (unknown) { console.error('error: unexpected argument ' + unknown); process.exit(2); }
const journal = fs.openSync('journal.ndjson', 'a');
const tell = (what) => fs.writeSync(journal, JSON.stringify({ at: performance.timeOrigin + performance.now(), what, version, pid: process.pid }) + '\\n');
const isAlive = (pid) => { try { return !/ [ZX] /.test(fs.readFileSync('/proc/' + pid + '/stat', 'utf8').replace(/^.*\\)/, '')); } catch { return false; } };
try { fs.writeFileSync('witness', String(process.pid), { flag: 'wx' }); }
catch { const other = fs.readFileSync('witness', 'utf8'); if (isAlive(other)) tell('overlap with ' + other); fs.writeFileSync('witness', String(process.pid)); }
tell('start');
console.log('vault ' + version + ${manner === 'crash' ? "': reading its configuration'" : "': Starting all services...'"});
process.on('SIGINT', () => { tell('stop'); fs.rmSync('witness', { force: true }); process.exit(0); });
${manner === 'crash' ? "setTimeout(() => { console.error('thread main panicked: config schema mismatch'); process.exit(1); }, 50);" : ''}
setInterval(() => tell('serves'), 5);
setInterval(() => console.log('vault ' + version + ' serves'), 100);
`;
  const padding = Math.max(0, bytes - Buffer.byteLength(code) - 3);
  const file = Buffer.from(`${code}//${'-'.repeat(padding)}\n`);
  return { version, bytes: file, checksum: `0x${hash('sha256', file, 'hex')}` };
}
