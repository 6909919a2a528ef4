// As supervisor.ts, of the built program: without a compiler in front of it, it is up three times as soon, and a soak needs many of them.
// `built-supervisor.mjs <folder> <program> [arguments…]`; BUILT: the folder of its modules, if it is another; WITHOUT_LOCK=1 gives every start a lock, a mark and a record that nobody else knows.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const built = process.env.BUILT ?? join(import.meta.dirname, '../../../build');
const { claimOwner } = await import(join(built, 'process/owner.js'));
const { runChild } = await import(join(built, 'process/run.js'));

console.log('read');
const [folder = '', program = '', ...args] = process.argv.slice(2);
const isAlone = Boolean(process.env.WITHOUT_LOCK);
const own = createHash('sha256').update(folder).digest('hex');
const identity = isAlone ? randomUUID() : own;
const [home, locks] = [join(folder, 'home'), join(folder, 'locks')];
for (const each of [home, locks]) mkdirSync(each, { recursive: true });

const silent = () => {};
const log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };
const save = async (path, text) => {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
};
const request = {
  identity,
  locks: [join(locks, `${identity}.lock`)],
  record: join(home, isAlone ? `${identity}.json` : 'child.json'),
  save,
  programs: async () => (isAlone ? [] : [program]),
  stop: { signal: 'SIGINT', grace: Number(process.env.GRACE ?? 5_000) },
  blocked: silent,
  log,
  program,
  args,
  env: {},
  cwd: join(home, 'data'),
  home,
  logFile: join(home, 'client.log'),
  logCap: 1_000_000,
  texts: [],
  beforeSpawn: async () => {},
  started: ({ pid }) => console.log(`started ${pid}`),
};

const claim = await claimOwner(locks, identity, home);
if (!claim.owned) await claim.wait(new AbortController().signal);
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
const exit = await runChild(request, controller.signal);
console.log(`ended ${exit.cause}`);
process.exit(0);
