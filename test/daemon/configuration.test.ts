import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bootConfig } from '../../src/daemon/boot-config.ts';
import { createConfiguration } from '../../src/daemon/configuration.ts';
import { rememberHome } from '../../src/daemon/find-config.ts';
import { silentLog } from '../../src/log.ts';
import { scratch, until } from '../support/process/scratch.ts';

/** A daemon's configuration over a disk that can fill up. */
async function overDisk() {
  const folder = scratch();
  vi.stubEnv('VAULTVISOR_LOCKS', join(folder, 'locks'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const [file, home] = [join(folder, 'args.json'), join(folder, 'home')];
  mkdirSync(home);
  const client = (keep: number) => ({ release: { source: 'manifest', url: 'file:///m.json' }, keep });
  const write = (keep: number, more: object = {}) =>
    writeFileSync(
      file,
      JSON.stringify({
        home,
        networks: { kintsugi: { clients: { vault: { ...client(keep), ...more } } } },
      }),
    );
  write(1);
  const disk = { isFull: false };
  const enforced: number[] = [];
  const errors: string[] = [];
  const log = { ...silentLog, error: (_: object, message: string) => errors.push(message) };
  const boot = async () => {
    const configuration = createConfiguration({
      file,
      boot: await bootConfig({ file, strict: false, log }),
      log,
      isRunning: () => true,
      async keep({ record }) {
        if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        await writeFile(join(home, 'accepted.json'), JSON.stringify(record));
        await rememberHome(file, home);
      },
      async enforce({ inForce }) {
        enforced.push(inForce.config.networks[0]?.clients[0]?.keep ?? 0);
      },
    });
    onTestFinished(() => configuration.stop());
    await configuration.begin();
    return configuration;
  };
  return { folder, file, configuration: await boot(), boot, write, disk, enforced, errors };
}

test('an edit that the disk had no room for is told once, and comes into force without another edit', async () => {
  const { configuration, write, disk, enforced, errors } = await overDisk();
  disk.isFull = true;
  write(2);
  await configuration.reload();
  await configuration.reload();
  expect(configuration.refusal()).toContain('no space left');
  expect(errors).toEqual(['the args file could not be taken into force yet; the former one stays in force']);
  expect(enforced).toEqual([1]);
  disk.isFull = false;
  await until(() => enforced.length === 2);
  expect([enforced, configuration.refusal()]).toEqual([[1, 2], null]);
});

test('a person who applies it on a full disk is told what to do, and that nothing was changed', async () => {
  const { configuration, write, disk, enforced } = await overDisk();
  disk.isFull = true;
  write(2);
  await expect(configuration.apply(false)).rejects.toMatchObject({
    code: 'io',
    next: expect.stringContaining('Make room'),
  });
  expect(enforced).toEqual([1]);
});

test('an edit that could not be read once comes into force without another edit', async () => {
  const { file, configuration, write, enforced, errors } = await overDisk();
  rmSync(file);
  mkdirSync(file); // reading it fails, as on a bad sector
  await configuration.reload();
  expect(configuration.refusal()).toContain('EISDIR');
  expect(errors).toEqual(['the args file could not be taken into force yet; the former one stays in force']);
  rmdirSync(file);
  write(2);
  await until(() => enforced.length === 2);
  expect([enforced, configuration.refusal(), errors.length]).toEqual([[1, 2], null, 1]);
});

test('an edit that names a file which is not there is told once, and comes into force when it is', async () => {
  const { folder, configuration, write, enforced, errors } = await overDisk();
  const path = join(folder, 'bitcoin.conf');
  write(2, { files: { 'bitcoin.conf': path } });
  await configuration.reload();
  expect(configuration.refusal()).toContain('bitcoin.conf');
  await new Promise((resolve) => setTimeout(resolve, 2_500)); // it was looked at again
  expect(errors).toEqual(['the args file was refused; the former one stays in force']);
  writeFileSync(path, 'rpcuser=x');
  await until(() => enforced.length === 2);
  expect([enforced, configuration.refusal(), errors.length]).toEqual([[1, 2], null, 1]);
});

test('a boot that could not read the file once begins with what was accepted last, and takes it up without an edit', async () => {
  const { file, configuration, boot, write, enforced, errors } = await overDisk();
  await configuration.stop();
  rmSync(file);
  mkdirSync(file); // reading it fails, as on a bad sector
  const again = await boot();
  expect([enforced, again.refusal()]).toEqual([[1, 1], expect.stringContaining('EISDIR')]);
  await new Promise((resolve) => setTimeout(resolve, 2_500)); // it was looked at again
  expect(errors).toEqual(['the args file was refused; the one that was accepted last stays in force']);
  rmdirSync(file);
  write(2);
  await until(() => enforced.length === 3);
  expect([enforced, again.refusal(), errors.length]).toEqual([[1, 1, 2], null, 1]);
});

test('a boot that could not read it and knows of none before, or is strict, ends', async () => {
  const { file, configuration } = await overDisk();
  await configuration.stop();
  rmSync(file);
  mkdirSync(file);
  const log = silentLog;
  await expect(bootConfig({ file, strict: true, log })).rejects.toMatchObject({ code: 'EISDIR' });
  rmSync(process.env['VAULTVISOR_LOCKS'] ?? '', { recursive: true });
  await expect(bootConfig({ file, strict: false, log })).rejects.toMatchObject({ code: 'EISDIR' });
});

test('a boot whose file names one that comes later takes it up when it is there', async () => {
  const { folder, configuration, boot, write, enforced, errors } = await overDisk();
  await configuration.stop();
  const path = join(folder, 'bitcoin.conf');
  write(2, { files: { 'bitcoin.conf': path } });
  const again = await boot();
  expect([enforced, again.refusal()]).toEqual([[1, 1], expect.stringContaining('bitcoin.conf')]);
  writeFileSync(path, 'rpcuser=x');
  await until(() => enforced.length === 3);
  expect([enforced, again.refusal(), errors.length]).toEqual([[1, 1, 2], null, 1]);
});
