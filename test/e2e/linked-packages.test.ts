import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noCompiler } from '../../lab/support/client/client.ts';
import { copyProgram } from '../../lab/support/program.ts';
import { serves, setScene } from '../../lab/support/scene.ts';

const PLACE = 'kintsugi/vault';
const lack = noCompiler();

test.skipIf(lack !== null && process.env['CI'] !== 'true')(
  'where packages are links, as pnpm makes them, a daemon whose former one was killed downloads as ever',
  async () => {
    expect(lack).toBeNull();
    const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-test-'));
    const scene = await setScene(folder, copyProgram(folder, null));
    onTestFinished(() => scene.close());
    const [first, second] = [scene.client.build('1'), scene.client.build('2')];
    await scene.name(PLACE, first);
    await scene.write({ [PLACE]: {} });
    const killed = scene.start();
    await scene.until(PLACE, 'the first release', serves(first));
    await rename(second.path, `${second.path}.away`);
    await scene.name(PLACE, second);
    await scene.until(PLACE, 'a download that fails', ({ next }) => next?.checksum === second.checksum);
    killed.kill('SIGKILL'); // its socket stays
    await killed.ended;
    await rename(`${second.path}.away`, second.path);
    scene.start();
    await scene.until(PLACE, 'the second release', serves(second));
    expect(await scene.log()).not.toContain('not a constructor');
  },
);
