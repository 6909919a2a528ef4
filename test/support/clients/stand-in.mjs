// A client that behaves as the sources of the real ones say (docs/clients.md), as far as a supervisor can tell. It is told what to do
// meanwhile by `behave.json` in its working directory; what it does not find there it does as a client that is well.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { clients } from './stand-in-clients.mjs';

const { client, version } = globalThis.standIn;
const me = clients[client];
const fixture = (name) => readFileSync(new URL(`../../fixtures/clients/${client}/${name}`, import.meta.url), 'utf8');
const said = readArgs(process.argv.slice(2));
const account = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const pidFile = join(process.env.TMPDIR ?? tmpdir(), `${me.spec}_${account}.pid`);
const filled = {
  port: /(\d+)$/.exec(said[me.portFlag ?? ''] ?? '')?.[1] ?? me.port,
  account,
  pidFile,
  keyname: said['--keyname'],
  time: '2025-06-20 12:00:00.123456789 +00:00',
};
let restarts = 0;
let phase = 'first';

/** clap: what it does not know, or lacks, ends it with 2 (and nothing of the client has begun). */
function readArgs(words) {
  const found = {};
  for (let rest = words; rest.length > 0; ) {
    const [flag, inline] = rest[0].split(/=(.*)/s);
    const isBare = me.switches.includes(flag) || inline !== undefined;
    if (!me.flags.includes(flag)) usage(`unexpected argument '${rest[0]}' found`);
    if (flag in found) usage(`the argument '${flag} <VALUE>' cannot be used multiple times`);
    found[flag] = isBare ? (inline ?? '') : rest[1];
    rest = rest.slice(isBare ? 1 : 2);
  }
  for (const flag of me.required) if (found[flag] === undefined) usage(`required argument ${flag} was not provided`);
  return found;
}

function usage(what) {
  console.error(`error: ${what}\n\nUsage: ${client} [OPTIONS]\n\nFor more information, try '--help'.`);
  process.exit(2);
}

function behaviour() {
  try {
    const told = JSON.parse(readFileSync('behave.json', 'utf8'));
    return told.only === undefined || told.only === version ? told : {};
  } catch {
    return {};
  }
}

const fill = (text, more = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => ({ ...filled, ...more })[name] ?? whole);

function log(level, target, message) {
  if (me.logger === 'env_logger') console.error(`[2025-06-20T12:00:00Z ${level.padEnd(5)} ${target}] ${message}`);
  else
    console.log(`\u001b[2mJun 20 12:00:00.123\u001b[0m \u001b[32m${level.padStart(5)}\u001b[0m ${target}: ${message}`);
}

function fail(message) {
  log('ERROR', 'vault', `Exiting: ${message}`);
  process.exit(1);
}

/** Its own guard: the writer of the file lives, and its process has the same name. */
function takePidFile() {
  if (!me.hasPidFile) return;
  const other = Number(readOr(pidFile, ''));
  if (other > 0 && nameOf(other) === nameOf(process.pid)) fail(me.alreadyRunning(other));
  writeFileSync(pidFile, `${process.pid}\n`);
}

const nameOf = (pid) => readOr(`/proc/${pid}/comm`, null)?.trim();

function readOr(path, other) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return other;
  }
}

function page() {
  const { open = 0, hours = 24, page: whole = null } = behaviour();
  if (whole !== null) return whole;
  const isSet = phase === 'polled';
  const values = {
    restarts,
    native: 0,
    hours: 0,
    openIssues: 0,
    openRedeems: 0,
    completedIssues: 0,
    completedRedeems: 0,
  };
  const now = { native: 12.5, hours, openRedeems: open, completedIssues: 4, completedRedeems: 17 };
  return fill(fixture(phase === 'first' ? 'metrics-first.txt' : 'metrics.txt'), {
    ...values,
    ...(isSet ? now : {}),
    restarts,
  });
}

function serve() {
  if (me.page === undefined) return;
  const server = createServer((request, response) => {
    const { status = 200 } = behaviour();
    const isIt = request.url === me.page;
    response.writeHead(isIt ? status : 404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(isIt ? (me.page === '/metrics' ? page() : '{"jsonrpc":"2.0","result":"0x"}') : '');
  });
  server.listen({ port: Number(filled.port), host: me.host });
}

/** Its lines, one after the other; where its behaviour names one it stays before it, as one that cannot connect does. */
async function start() {
  phase = 'first';
  for (const line of fixture('first-lines.tsv').trim().split('\n')) {
    const [, level, target, message] = line.split('\t');
    while (behaviour().before !== undefined && message.includes(behaviour().before)) await pause(20);
    if (message.startsWith('Creating PID')) takePidFile();
    if (message.startsWith('Starting Prometheus')) serve();
    if (message.startsWith('Initializing metrics')) phase = 'zero';
    log(level, target, fill(message));
    if (message.startsWith('Starting http')) serve();
  }
  phase = behaviour().unpolled ? 'zero' : 'polled';
}

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

process.on('SIGINT', () => {
  if (me.catchesSignals === false) {
    process.removeAllListeners('SIGINT');
    process.kill(process.pid, 'SIGINT');
    return;
  }
  log('INFO', me.main, 'Received termination signal: 2');
  log('INFO', me.main, 'Shutting down...');
  if (me.hasPidFile) {
    log('INFO', 'vault::process', `Removing PID file at: ${pidFile}`);
    rmSync(pidFile, { force: true });
  }
  process.exit(0);
});

const began = readOr('behave.json', '');
await start();
// told anew while it runs: it leaves with an error, or restarts inside its process
let last = began;
setInterval(() => {
  const text = readOr('behave.json', '');
  const { fail: message, restart } = behaviour();
  if (message !== undefined) return fail(message);
  if (restart !== undefined && text !== last) void restartInside(restart);
  last = text;
}, 20);

async function restartInside(times) {
  for (let time = 0; time < times; time += 1) {
    log('WARN', me.main, 'Disconnected: Client has shutdown');
    restarts += 1;
    log('INFO', me.main, `Version: ${version} (${basename(process.argv[1])})`);
    await pause(250);
  }
}
