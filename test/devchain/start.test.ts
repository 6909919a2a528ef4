import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storageKey } from '../../devchain/genesis.ts';
import { request } from './reading.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = ['--import', 'tsx', 'devchain/start.ts'];
const CURRENT_VAULT =
  '0x3b0e622bcfd7dda4f6da9be5ed8ae5bd1d7989998d86d759f329cbf81eb547c02ef4768826937cb4716a12400a65799d147661756c74';
const CHECKSUM = `0x${'33'.repeat(32)}`;

/** A port that was free a moment ago; the chain for people wants a number it can print and keep. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

let chain: ChildProcess;
let output = '';
let endpoint: string;

const devchain = (...args: string[]) => promisify(execFile)(process.execPath, [...COMMAND, ...args], { cwd: PROJECT });

const stored = (key: string) => request({ endpoint }, 'state_getStorage', [key]);

beforeAll(async () => {
  const port = await freePort();
  endpoint = `ws://127.0.0.1:${port}`;
  chain = spawn(process.execPath, [...COMMAND, '--port', String(port), '--every', '1'], { cwd: PROJECT });
  chain.stderr?.pipe(process.stderr);
  for await (const chunk of chain.stdout!.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (output.includes('-- upgrade')) break;
  }
});

afterAll(async () => {
  if (chain.exitCode === null) chain.kill('SIGKILL');
});

it('says where it listens and how to publish there', () => {
  expect(output).toContain(`listens on ${endpoint}`);
  expect(output).toContain(`npm run devchain -- publish vault-registry --endpoint ${endpoint} 1.2.3`);
});

it('publishes, makes pending and upgrades from another terminal', async () => {
  const at = ['--endpoint', endpoint];
  const { stdout } = await devchain('publish', 'vault-registry', '1.2.3', CHECKSUM, ...at);
  expect(stdout).toMatch(/^block \d+ 0x[0-9a-f]{64}, spec version 1\n$/);
  expect(await stored(storageKey('VaultRegistry', 'CurrentClientRelease'))).toBe(
    `0x14${Buffer.from('1.2.3').toString('hex')}${CHECKSUM.slice(2)}`,
  );
  await devchain('publish', 'vault-registry-migrations', '1.2.3', '--data', CHECKSUM, ...at);
  expect(await stored(storageKey('VaultRegistry', 'ReleaseMigrations'))).toBe(
    `0x0414${Buffer.from('1.2.3').toString('hex')}0001${CHECKSUM.slice(2)}`,
  );
  await devchain('pending', 'vault', 'file:///new', CHECKSUM, ...at);
  expect(await stored(CURRENT_VAULT)).toBeNull();
  expect((await devchain('upgrade', ...at)).stdout).toMatch(/spec version 2\n$/);
  expect(await stored(CURRENT_VAULT)).toContain(Buffer.from('file:///new').toString('hex'));
});

it('says what to do where no chain answers, and ends 1', async () => {
  await expect(devchain('upgrade', '--endpoint', 'ws://127.0.0.1:1')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('start one with: npm run devchain'),
  });
});

it('ends on SIGTERM, and nothing of it is left', async () => {
  chain.kill('SIGTERM');
  expect(await once(chain, 'exit')).toEqual([0, null]);
  await expect(stored('0x00')).rejects.toThrow();
});
