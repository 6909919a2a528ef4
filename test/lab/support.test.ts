import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Experiment } from '../../lab/experiment.ts';
import { experiments } from '../../lab/experiments.ts';
import { type Built, compileClient, noCompiler } from '../../lab/support/client/client.ts';
import { overlapsIn, ran, readJournal } from '../../lab/support/journal.ts';
import { copyProgram } from '../../lab/support/program.ts';
import { createRandom } from '../../lab/support/random.ts';
import { serves, setScene } from '../../lab/support/scene.ts';

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vaultvisor-lab-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a client by hand, and waits until it says that it serves or has left. */
async function live(built: Built, witness: string): Promise<{ stop(): Promise<number | null> }> {
  const child = spawn(built.path, ['--witness', witness], { stdio: 'ignore' });
  const left = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  const isSeen = () =>
    readJournal(witness).some(({ pid, what }) => pid === child.pid && (what === 'serve' || what === 'stop'));
  while (!isSeen()) await sleep(5);
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return left;
  };
  return { stop };
}

describe.skipIf(noCompiler() !== null)('the client of the lab (needs a C compiler)', () => {
  test('finds another that lives, by its witness, by its lock and by the guard of the real vaults; and none that has left', async () => {
    const [folder, witness] = [scratch(), scratch()];
    const client = compileClient(folder);
    const [one, two] = [client.build('1'), client.build('2')];
    for (const built of [one, two]) await (await live(built, witness)).stop();
    expect(overlapsIn(readJournal(witness))).toEqual([]);

    const first = await live(one, witness);
    await live(two, witness);
    await first.stop();
    const words = overlapsIn(readJournal(witness)).join('\n');
    expect(words).toContain('overlap witness');
    expect(words).toContain('overlap lock');
    expect(words).toContain('refused');
  });

  test('tells which bytes ran', async () => {
    const [folder, witness] = [scratch(), scratch()];
    const built = compileClient(folder).build('7', 'steady', 5_000);
    await (await live(built, witness)).stop();
    expect(ran(readJournal(witness))).toEqual([{ release: '7', print: built.print }]);
  });

  test('a scene: the real daemon serves what its manifest names, and everything leaves with it', async () => {
    const folder = scratch();
    const scene = await setScene(folder, copyProgram(folder, null));
    onTestFinished(() => scene.close());
    const built = scene.client.build('1');
    await scene.name('local/vault', built);
    await scene.write({ 'local/vault': {} });
    scene.start();
    await scene.until('local/vault', 'it serves', serves(built));
    await scene.stop();
    expect(scene.journal('local/vault').map(({ what }) => what)).toEqual(['start', 'serve', 'stop']);
    expect(scene.overlaps()).toEqual([]);
  });
});

test('numbers are the same for the same seed', () => {
  const [one, two, other] = [createRandom(7), createRandom(7), createRandom(8)];
  const numbers = Array.from({ length: 50 }, () => one.between(1, 6));
  expect(Array.from({ length: 50 }, () => two.between(1, 6))).toEqual(numbers);
  expect(Array.from({ length: 50 }, () => other.between(1, 6))).not.toEqual(numbers);
  expect([...new Set(numbers)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

const defects = experiments.flatMap((experiment: Experiment) =>
  Object.entries(experiment.defects).map(([name, defect]) => ({ experiment: experiment.name, name, defect })),
);

test.each(defects)('$experiment: the defect $name fits the program as it is', ({ defect }) => {
  const folder = scratch();
  mkdirSync(folder, { recursive: true });
  expect(defect.patches.length).toBeGreaterThan(0);
  copyProgram(folder, defect);
});
