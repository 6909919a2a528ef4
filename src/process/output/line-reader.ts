/** Longer lines are cut here: what a client writes must not fill our memory. */
const LONGEST = 64 * 1024;

/** Cuts bytes into lines, however they arrive. */
export interface LineReader {
  feed(bytes: Buffer): void;
  /** What was written without a line end is a line too, when nothing more will come. */
  end(): void;
}

/** @param onLine `bytes`: how many of what was fed the line was, uncut and with its end */
export function createLineReader(onLine: (line: string, bytes: number) => void): LineReader {
  let begun: Buffer[] = [];
  let length = 0;
  let whole = 0;

  const add = (piece: Buffer): void => {
    whole += piece.length;
    const part = piece.subarray(0, LONGEST - length);
    if (part.length > 0) begun.push(Buffer.from(part)); // a copy: the caller uses its buffer again
    length += part.length;
  };

  const finish = (end: number): void => {
    const bytes = whole + end;
    onLine(Buffer.concat(begun).toString('utf8').replace(/\r$/, ''), bytes);
    begun = [];
    length = 0;
    whole = 0;
  };

  const feed = (bytes: Buffer): void => {
    let start = 0;
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, start)) {
      add(bytes.subarray(start, at));
      finish(1);
      start = at + 1;
    }
    add(bytes.subarray(start));
  };

  return { feed, end: () => (length > 0 ? finish(0) : undefined) };
}
