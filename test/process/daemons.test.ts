import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { clearTheWay } from '../../src/process/clear.ts';
import { ownerPath } from '../../src/process/lock-names.ts';
import { claimOwner } from '../../src/process/owner.ts';
import { takeSupervisorLock } from '../../src/process/supervisor-lock.ts';
import { identityIn, requestIn } from '../support/process/request.ts';
import { scratch, until } from '../support/process/scratch.ts';
import { startScript } from '../support/process/script.ts';

test('a second daemon of a home is refused, and told who has it', async () => {
  const path = join(scratch(), 'supervisor.lock');
  const other = startScript('daemon.ts', ['supervisor', path]);
  await until(() => other.lines.includes('has it'));
  const refusal = takeSupervisorLock(path);
  await expect(refusal).rejects.toMatchObject({ code: 'busy', exitStatus: 75 });
  await expect(refusal).rejects.toThrow(`pid ${other.process.pid} (`);
  await expect(refusal).rejects.toThrow(/since \d{4}-.*, home /);
  other.process.kill('SIGKILL');
  const lock = await until(() => takeSupervisorLock(path).catch(() => null));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
});

test('a client that another daemon manages is not ours, until that daemon is gone', async () => {
  const folder = scratch();
  const home = join(folder, 'another-home');
  mkdirSync(home);
  const other = startScript('daemon.ts', ['owner', folder, identityIn(folder), home]);
  await until(() => other.lines.includes('has it'));
  const claim = await claimOwner(folder, identityIn(folder), join(folder, 'home'));
  if (claim.owned) throw new Error('owned twice');
  expect(claim.owner).toContain(`pid ${other.process.pid} (`);
  expect(claim.owner).toContain(home);
  const waiting = claim.wait(new AbortController().signal);
  expect(other.process.exitCode).toBeNull();
  other.process.kill('SIGKILL');
  const lock = await waiting;
  expect(lock.path).toBe(ownerPath(folder, identityIn(folder)));
  expect(JSON.parse(readFileSync(lock.path, 'utf8'))).toMatchObject({ pid: process.pid, home: join(folder, 'home') });
  lock.release();
});

test('a helper whose daemon lives and waits is left alone by the owner', async () => {
  const folder = scratch();
  const request = requestIn(folder, { program: '/none' });
  const first = await claimOwner(folder, request.identity, folder);
  const second = await claimOwner(folder, request.identity, folder);
  if (!first.owned || second.owned) throw new Error('not the first, but the second has it');
  const waiting = second.wait(new AbortController().signal);
  await pause(200);
  for (const lock of await clearTheWay(request, new AbortController().signal)) lock.release();
  first.lock.release();
  (await waiting).release();
});

test('waiting for an owner can be given up', async () => {
  const folder = scratch();
  const first = await claimOwner(folder, identityIn(folder), folder);
  const second = await claimOwner(folder, identityIn(folder), folder);
  if (!first.owned || second.owned) throw new Error('not the first, but the second has it');
  const controller = new AbortController();
  const waiting = second.wait(controller.signal);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  first.lock.release();
});
