import { spanWords } from '../observe/words/time.ts';

const SOON = 500;
const TICK = 1_000;
const SPARSE = 30_000;

/**
 * Tells on stderr what a person waits for while something takes long: one line that counts on a terminal, one each half minute
 * elsewhere.
 */
export async function withProgress<T>(what: string, act: () => Promise<T>): Promise<T> {
  const { stderr } = process;
  const began = performance.now();
  const words = () => `waiting for ${what}: ${spanWords(performance.now() - began)}`;
  let isShown = false;
  const show = () => {
    isShown = true;
    stderr.write(stderr.isTTY ? `\r\u001b[K${words()}` : `${words()}\n`);
  };
  let timer = setTimeout(function again() {
    show();
    timer = setTimeout(again, stderr.isTTY ? TICK : SPARSE);
  }, SOON);
  try {
    return await act();
  } finally {
    clearTimeout(timer);
    if (isShown && stderr.isTTY) stderr.write('\r\u001b[K');
  }
}
