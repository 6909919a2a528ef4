#!/usr/bin/env node
import { asVisorError, failureText } from './failure.ts';
import { runCommand } from './grammar.ts';

/** Whatever ends us is told in the same two lines; a child outlives it, and the next daemon takes it from there. */
function fail(thrown: unknown): never {
  const error = asVisorError(thrown);
  process.stderr.write(`${failureText(error)}\n`);
  process.exit(error.exitStatus);
}

// who reads us may have had enough (`history | head`)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(error);
  process.exit(0);
});
process.on('uncaughtException', fail);

// not `process.exit`: what is written to a pipe must still get through
process.exitCode = await runCommand(process.argv.slice(2)).catch((thrown: unknown) => {
  const error = asVisorError(thrown);
  process.stderr.write(`${failureText(error)}\n`);
  return error.exitStatus;
});
