import type { ReadStream, WriteStream } from 'node:tty';

/** A terminal that is ours for a while, and afterwards as it was. */
export interface Screen {
  /** Shows these lines from the top; what is beyond the last row is not shown. Only what is there is written, so that nothing flickers. */
  draw(lines: readonly string[]): void;
  close(): void;
}

/** What a person at it may do. */
export interface Hand {
  /** It has another size, or is ours again. */
  redraw(): void;
  /** `q`, Ctrl-C, Ctrl-D or Escape. */
  leave(): void;
}

// xterm's control sequences (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html); who does not know 2026 (synchronised output) passes it over
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const BEGIN = '\u001b[?2026h\u001b[H';
const END = '\u001b[J\u001b[?2026l';
const REST_OF_LINE = '\u001b[K';

const leaving = new Set(['q', 'Q', '\u0003', '\u0004', '\u001b']);
const SUSPEND = '\u001a';

/** Takes the other screen of a terminal: what was on it before is there again when it is closed, also when the process ends by an error. */
export function openScreen(terminal: WriteStream, keys: ReadStream, hand: Hand): Screen {
  const onKey = (key: Buffer): void => {
    if (leaving.has(key.toString())) hand.leave();
    else if (key.toString() === SUSPEND) suspend();
  };
  const enter = (): void => {
    terminal.write(ENTER);
    if (keys.isTTY) keys.setRawMode(true);
  };
  const giveBack = (): void => {
    if (keys.isTTY) keys.setRawMode(false);
    terminal.write(LEAVE);
  };
  const suspend = (): void => {
    giveBack();
    process.kill(process.pid, 'SIGTSTP');
  };
  const onReturn = (): void => {
    enter();
    hand.redraw();
  };

  enter();
  terminal.on('resize', hand.redraw);
  keys.on('data', onKey);
  process.on('SIGCONT', onReturn);
  process.on('exit', giveBack);
  return {
    draw(lines) {
      const text = lines.slice(0, terminal.rows || 24).map((line) => `${line}${REST_OF_LINE}`);
      terminal.write(`${BEGIN}${text.join('\r\n')}${END}`);
    },
    close() {
      terminal.off('resize', hand.redraw);
      keys.off('data', onKey);
      keys.pause();
      process.off('SIGCONT', onReturn);
      process.off('exit', giveBack);
      giveBack();
    },
  };
}
