// What a supervisor does at least: it starts the program that it is told, and the next one in the exit event of the one before.
import { spawn } from 'node:child_process';

const start = (program) => spawn(program, { stdio: 'ignore' });
let child = start(process.argv[2]);
process.on('message', (program) => {
  child.once('exit', () => (child = start(program)));
  child.kill('SIGINT');
});
process.on('disconnect', () => child.kill('SIGKILL') && process.exit(0));
