#!/usr/bin/env node
// The overlap detector: whoever finds another living client writes it down. It looks at its start and every millisecond, so that no overlap is too
// short to be seen, and it writes to its stdout all the time, as vaults do. SIGINT: leaves, unless WITNESS_DEAF is set.
import { appendFileSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

const [witness, overlaps] = process.argv.slice(2);
const startOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
  } catch {
    return null;
  }
};
const me = `${process.pid} ${startOf(process.pid)}`;

const read = () => {
  try {
    return readFileSync(witness, 'utf8');
  } catch {
    return '';
  }
};
const tell = (other) => appendFileSync(overlaps, `${me} met ${other}\n`);
const isAlive = (who) => {
  const [pid, start] = who.split(' ');
  return who !== '' && startOf(pid) === start;
};

const claim = () => {
  try {
    writeSync(openSync(witness, 'wx'), me);
  } catch {
    const other = read();
    if (isAlive(other)) tell(other);
    rmSync(witness, { force: true }); // left by one that was killed, or told of
    claim();
  }
};

claim();
process.on('SIGINT', () => {
  if (process.env.WITNESS_DEAF) return;
  if (read() === me) rmSync(witness, { force: true });
  process.exit(0);
});
const look = () => {
  const other = read();
  if (other !== me && isAlive(other)) tell(other);
  console.log(`serving ${Date.now()}`);
};
setInterval(look, 1);
