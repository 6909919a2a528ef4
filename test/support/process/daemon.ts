// A daemon in a process of its own, as far as its locks go: `daemon.ts supervisor <path>` or `daemon.ts owner <folder> <identity> <home>`.
import { claimOwner } from '../../../src/process/owner.ts';
import { takeSupervisorLock } from '../../../src/process/supervisor-lock.ts';

const [what = '', ...rest] = process.argv.slice(2);

if (what === 'supervisor') await takeSupervisorLock(rest[0] ?? '');
else {
  const claim = await claimOwner(rest[0] ?? '', rest[1] ?? '', rest[2] ?? '');
  if (!claim.owned) throw new Error(claim.owner);
}
console.log('has it');
setInterval(() => {}, 1_000);
