import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findAccount, missingRights, neededCapabilities } from '../src/account.ts';

const isRoot = process.geteuid?.() === 0;

test('our own user is no other one', async () => {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  expect(await findAccount({ name: String(uid), group: String(gid) })).toBeNull();
});

test.each([
  [{ name: 'no-such-user', group: null }, 'This machine has no user no-such-user'],
  [{ name: '0', group: 'no-such-group' }, 'This machine has no group no-such-group'],
])('%j is refused', async (said, message) => {
  await expect(findAccount(said)).rejects.toMatchObject({ code: 'config', message });
});

test('without the rights another user is refused, with each of them', async () => {
  // root that may not become another user, as in many a container; who is not root may not anyway
  const lessened = isRoot ? ['setpriv', '--bounding-set=-setuid', '--inh-caps=-setuid', '--'] : [];
  const ask = `import { findAccount } from '${import.meta.dirname}/../src/account.ts';
    await findAccount({ name: '${isRoot ? 'nobody' : 'root'}', group: null }).catch(({ code, message }) => console.log(JSON.stringify({ code, message })));`;
  const words = [...lessened, process.execPath, '--import', 'tsx', '--input-type=module', '-e', ask];
  const { stdout } = await promisify(execFile)(words[0] ?? '', words.slice(1), { env: { PATH: process.env['PATH'] } });
  expect(JSON.parse(stdout)).toEqual({ code: 'permission', message: expect.stringContaining('it lacks CAP_SETUID') });
});

describe('the rights that it takes', () => {
  const status = (mask: bigint) => `Name:\tnode\nCapEff:\t${mask.toString(16).padStart(16, '0')}\n`;
  const all = neededCapabilities.reduce((mask, [, bit]) => mask | (1n << BigInt(bit)), 0n);

  test('all of them are enough', () => expect(missingRights(status(all))).toEqual([]));

  test('none', () => expect(missingRights(status(0n))).toEqual(neededCapabilities.map(([name]) => name)));

  test.each(neededCapabilities)('without %s (%i)', (name, bit) => {
    expect(missingRights(status(all & ~(1n << BigInt(bit))))).toEqual([name]);
  });
});
