import { same } from '../deployment.ts';
import type { InstanceEvent } from '../events.ts';
import type { Instance } from '../instance.ts';
import { occupant, serving } from '../occupancy.ts';
import { type Notice, named, told } from './notice.ts';

export function ofFetching(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const next = before.next?.deployment ?? null;
  switch (event.type) {
    case 'fetched': {
      const of = next?.id === event.of ? next : occupant(before.slot);
      return of?.id === event.of ? [{ event: 'fetched', ...told(of) }] : [];
    }
    case 'prefetched':
      return before.chain.pending
        ? [{ event: 'fetched', ...named(before.chain.pending), deployment: event.of, ahead: true }]
        : [];
    case 'fetchFailed': {
      const retryAt = after.next?.at === 'fetching' ? after.next.retryAt : after.volatile.rest;
      return [{ event: 'fetchFailed', deployment: event.of, reason: event.reason, retryAt }];
    }
    default:
      return [];
  }
}

export function ofChild(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const was = serving(before);
  if (was === null || !('of' in event) || event.of !== was.deployment.id) return [];
  const here = told(was.deployment);
  switch (event.type) {
    case 'exited':
      return [{ event: 'exited', ...here, reason: event.reason, uptime: event.uptime, final: event.final }];
    case 'spoiled':
      return [{ event: 'spoiled', ...here }];
    case 'unhealthy':
      return same(was.deployment, occupant(after.slot)) ? [{ event: 'unhealthy', ...here, reason: event.reason }] : [];
    case 'healthy':
      return was.at === 'running' && was.verdict !== 'healthy' ? [{ event: 'healthy', ...here }] : [];
    default:
      return [];
  }
}
