#!/usr/bin/env node
import { commandLine, fail } from './command-line.ts';
import { hearStops } from './stop-asked.ts';

// who reads us may have had enough (`history | head`)
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : fail(error)));
// a child outlives us, and the next daemon takes it from there
process.on('uncaughtException', (error) => process.exit(fail(error)));

if (process.argv.some((word) => ['run', 'runner', 'agent', 'wrap'].includes(word))) hearStops();

// not `process.exit`: what is written to a pipe must still get through
process.exitCode = await commandLine(process.argv.slice(2));
