// A supervisor in a process of its own, to be killed: `supervisor.ts <folder> <program> [arguments…]` runs the program under the locks of this folder.
// ADOPT=1 adopts the child that another left. WITHOUT_LOCK=1 takes the lock out: every start then has a lock, a mark and a record that nobody else knows.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { adoptChild, findOrphan } from '../../../src/process/adopt.ts';
import { claimOwner } from '../../../src/process/owner.ts';
import { runChild } from '../../../src/process/run.ts';
import { requestIn } from './request.ts';

const [folder = '', program = '', ...args] = process.argv.slice(2);
const base = requestIn(folder, {
  program,
  args,
  deployment: 'the wanted one',
  tini: process.env['TINI'],
  stop: { signal: 'SIGINT', grace: Number(process.env['GRACE'] ?? 5_000) },
});
const alone = randomUUID();
const request = process.env['WITHOUT_LOCK']
  ? {
      ...base,
      identity: alone,
      locks: [join(folder, 'locks', alone)],
      record: join(folder, alone),
      programs: async () => [],
    }
  : base;

const claim = await claimOwner(join(folder, 'locks'), request.identity, base.home);
if (!claim.owned) await claim.wait(new AbortController().signal);
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
const told = { ...request, started: ({ pid }: { pid: number }) => console.log(`started ${pid}`) };
const orphan = process.env['ADOPT'] ? findOrphan(request.record, request.locks) : null;
const exit = await (orphan === null ? runChild(told, controller.signal) : adoptChild(orphan, told, controller.signal));
console.log(`ended ${exit.cause}`);
process.exit(0);
