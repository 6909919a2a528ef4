// A supervisor in a process of its own, to be killed: `supervisor.ts <folder> <program> [arguments…]` runs the program under the locks of this folder.
// ADOPT=1 adopts the child that another left.
import { join } from 'node:path';
import { adoptChild, findOrphan } from '../../../src/process/adopt.ts';
import { claimOwner } from '../../../src/process/owner.ts';
import { runChild } from '../../../src/process/run.ts';
import { requestIn } from './request.ts';

const [folder = '', program = '', ...args] = process.argv.slice(2);
const request = requestIn(folder, {
  program,
  args,
  deployment: 'the wanted one',
  tini: process.env['TINI'],
  stop: { signal: 'SIGINT', grace: Number(process.env['GRACE'] ?? 5_000) },
});
const claim = await claimOwner(join(folder, 'locks'), request.identity, request.home);
if (!claim.owned) await claim.wait(new AbortController().signal);
const controller = new AbortController();
process.once('SIGTERM', () => controller.abort());
const told = { ...request, started: ({ pid }: { pid: number }) => console.log(`started ${pid}`) };
const orphan = process.env['ADOPT'] ? findOrphan(request.record, request.locks) : null;
const exit = await (orphan === null ? runChild(told, controller.signal) : adoptChild(orphan, told, controller.signal));
console.log(`ended ${exit.cause}`);
process.exit(0);
