import { describe, expect, test } from 'vitest';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { decide, type OpenConditions } from '../../src/notify/conditions.ts';
import { heardOfLevels, type Since, serves, sinceOf } from '../../src/notify/levels.ts';
import { instance } from '../support/looks.ts';

const minute = 60_000;
const child = { pid: 7, startedAt: new Date(0).toISOString(), checksum: '0xaa' };
const well = instance({ phase: 'running', verdict: 'healthy', child, ok: true });
const down = instance({ phase: 'running', verdict: 'down', reason: 'exited with status 1' });

/** Looks at these, each at its minute; what is said of it. */
function watch(...looks: readonly (readonly [number, InstanceStatus | null, string?])[]): string[] {
  let open: OpenConditions = {};
  let since: Since = { gone: {}, unread: {} };
  const said: string[] = [];
  for (const [minutes, status, refusal] of looks) {
    const now = minutes * minute;
    const seen = { instances: status === null ? [] : [status], refusal: refusal ?? null };
    since = sinceOf(since, seen, now, (one) => serves(one, now));
    for (const heard of heardOfLevels(open, seen, since, { now, downFor: 10 * minute })) {
      const moment = { now, repeat: 240 * minute, host: 'here', iso: String, id: () => 'id' };
      const { open: next, messages } = decide(open, heard, moment);
      open = next;
      for (const { state, condition, reason } of messages)
        said.push([minutes, state, condition, reason].filter((part) => part !== null).join(' '));
    }
  }
  return said;
}

describe('levels', () => {
  test('nothing that serves for ten minutes is critical, once, and over when it is healthy', () => {
    expect(watch([0, well], [1, down], [10, down], [11, down], [12, down], [13, well])).toEqual([
      '11 firing down exited with status 1',
      '13 resolved down exited with status 1',
    ]);
  });

  test('a client that comes up for seconds and ends again does not serve', () => {
    const up = (minutes: number) => {
      const startedAt = new Date(minutes * minute - 2_000).toISOString();
      return instance({ phase: 'running', verdict: 'unknown', child: { ...child, startedAt }, ok: true });
    };
    expect(watch([0, well], [1, down], [2, up(2)], [5, down], [8, up(8)], [11, up(11)], [12, up(12)])).toEqual([
      '11 firing down',
    ]);
  });

  test('an update on probation serves, and so does what a person stopped: it is down on purpose', () => {
    const trial = instance({ phase: 'probation', verdict: 'unknown', child });
    expect(watch([0, trial], [30, trial])).toEqual([]);
    const stopped = instance({ phase: 'running', stopped: true });
    expect(watch([0, stopped], [60, stopped])).toEqual([]);
    expect(watch([0, down], [11, down], [12, stopped])).toEqual([
      '11 firing down exited with status 1',
      '12 resolved down exited with status 1',
    ]);
  });

  test('a source that cannot be read is told after half an hour, and when it is read', () => {
    const unread = instance({ ...well, ok: false, trouble: 'no endpoint answers' });
    expect(watch([0, unread], [29, unread], [30, unread], [31, unread], [32, well])).toEqual([
      '30 firing source no endpoint answers',
      '32 resolved source no endpoint answers',
    ]);
    expect(watch([0, unread], [20, well], [40, unread])).toEqual([]);
  });

  test('a refused args file is told at once, and when it is mended', () => {
    expect(watch([0, well, 'line 3'], [1, well, 'line 3'], [2, well])).toEqual([
      '0 firing argsFile line 3',
      '2 resolved argsFile line 3',
    ]);
  });

  test('what the file no longer names has no conditions', () => {
    expect(watch([0, down], [10, down], [11, null])).toEqual([
      '10 firing down exited with status 1',
      '11 resolved down exited with status 1',
    ]);
  });
});
