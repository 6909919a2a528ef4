import { expect, test } from 'vitest';
import { causeOf, spawnFailure } from '../../src/process/ending/exit-cause.ts';
import { counterPaths, oomKills } from '../../src/process/ending/out-of-memory.ts';
import { cleanEnvironment } from '../../src/process/start/environment.ts';

const quiet = { killedAfter: null, oomKills: 0 };

test.each([
  [{ code: 0, signal: null }, quiet, 'exited with status 0'],
  [{ code: 2, signal: null }, quiet, 'exited with status 2'],
  [{ code: 126, signal: null }, quiet, 'exited with status 126 (its command may not be executed)'],
  [{ code: 137, signal: null }, quiet, 'exited with status 137 (a command of it was killed by signal 9)'],
  [{ code: 255, signal: null }, quiet, 'exited with status 255'],
  [{ code: null, signal: 'SIGABRT' }, quiet, 'killed by SIGABRT'],
  [{ code: null, signal: 'SIGKILL' }, quiet, 'killed by SIGKILL (by somebody: the machine was not out of memory)'],
  [{ code: null, signal: 'SIGKILL' }, { killedAfter: null, oomKills: 1 }, 'killed by SIGKILL (out of memory)'],
  [
    { code: null, signal: 'SIGKILL' },
    { killedAfter: null, oomKills: null },
    'killed by SIGKILL (perhaps out of memory)',
  ],
  [
    { code: null, signal: 'SIGKILL' },
    { killedAfter: 60_049, oomKills: 1 },
    'killed by SIGKILL, since it had not left 60 s after it was asked to',
  ],
  [{ code: null, signal: null }, quiet, 'ended, and its exit status is not known'],
])('%j is told as words', (ended, circumstances, words) => {
  expect(causeOf(ended, circumstances)).toBe(words);
});

test.each(['ENOENT', 'EACCES', 'EPERM', 'ETXTBSY', 'E2BIG', 'ENOEXEC', 'EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'])(
  '%s is told as words',
  (code) => {
    const words = spawnFailure(Object.assign(new Error('spawn'), { code }));
    expect(words).toMatch(new RegExp(`^could not be started: .* .*\\(${code}\\)$`));
  },
);

test('what has no words of ours is told in its own', () => {
  expect(spawnFailure(new Error('\x1b]0;never seen'))).toBe('could not be started: \\x1b]0;never seen');
});

const MOUNTS = [
  '31 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate',
  '35 30 0:30 /docker/abc /sys/fs/cgroup/memory ro shared:11 - cgroup cgroup rw,memory',
  '36 30 0:31 / /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu',
].join('\n');

test.each([
  [
    'v2',
    '0::/system.slice/vaultvisor.service\n',
    ['/sys/fs/cgroup/system.slice/vaultvisor.service/memory.events', '/sys/fs/cgroup/memory.events'],
  ],
  [
    'v1 in a container',
    '4:memory:/docker/abc\n1:name=systemd:/\n',
    ['/sys/fs/cgroup/memory/docker/abc/memory.oom_control', '/sys/fs/cgroup/memory/memory.oom_control'],
  ],
  ['none', '', []],
])('the counter of a control group is looked for where it may lie: %s', (_, cgroup, paths) => {
  expect(counterPaths(cgroup, MOUNTS)).toEqual(paths);
});

test('the counter of this machine is a number, or honestly unknown', () => {
  const count = oomKills();
  expect(count === null || (Number.isInteger(count) && count >= 0)).toBe(true);
});

test('of our environment the client gets what is not meant for us', () => {
  const base = {
    PATH: '/bin',
    HOME: undefined,
    NOTIFY_SOCKET: 's',
    WATCHDOG_USEC: '1',
    LISTEN_FDNAMES: 'x',
    LD_PRELOAD: 'evil',
    NODE_OPTIONS: 'x',
    VAULTVISOR_LOCKS: 'y',
    LANGUAGE: 'de',
    NOTIFY_SOCKETS: 'kept',
  };
  expect(cleanEnvironment(base, { PATH: '/own', LD_PRELOAD: 'asked for' }, 'id')).toEqual({
    PATH: '/own',
    LANGUAGE: 'de',
    NOTIFY_SOCKETS: 'kept',
    LD_PRELOAD: 'asked for',
    VAULTVISOR_CHILD: 'id',
    VAULTVISOR_STARTER: String(process.pid),
  });
});
