import { expect, test } from 'vitest';
import { configError, formatProblems } from '../../src/config/format.ts';
import { argsText, problemsIn } from './args-text.ts';

test('a problem points at its place, path and value, then says what is allowed', () => {
  const text = argsText({ client: { stop: { grace: '6 s' } } });
  expect(formatProblems(problemsIn(text), '/etc/args.json')).toBe(
    '/etc/args.json:1:146 networks.n.clients.c.stop.grace = "6 s"\n' +
      '  must be a time such as "60s" (a whole number and ms, s, m, h or d), or "infinite"',
  );
});

test('what is missing has no value, and a fault of the whole file no path', () => {
  expect(formatProblems(problemsIn('{"networks": {}}'), 'a')).toBe(
    'a:1:1 home\n  is missing: it must be an absolute path, such as "/var/lib/vaultvisor"',
  );
  expect(formatProblems(problemsIn(''), 'a')).toBe(
    'a:1:1\n  the file is empty: it may be in the middle of being written',
  );
});

test('the error of a refused file holds all of it, and what to do', () => {
  const error = configError(problemsIn(argsText({ top: { maxUpdating: 0, maxStarting: 0 } })), 'a');
  expect(error.exitStatus).toBe(78);
  expect(error.message).toMatch(/^a is not accepted:\na:1:\d+ maxUpdating = 0\n/);
  expect(error.next).toBe(
    'Mend these 2 places; "vaultvisor config validate --config a" looks again, and touches nothing that runs.',
  );
});

test('what could paint a terminal is not printed', () => {
  const text = argsText({ top: { home: 'x\u001b[2J\u009b\u202e', 'k\u001b[2J\u009b': 1 } });
  expect(formatProblems(problemsIn(text), 'a')).not.toMatch(/[\u001b\u009b\u202e]/);
});
