import type { Release } from '../../core/release.ts';
import { order } from '../../core/versions.ts';

/** Whether `to` is an older version than `from`, as far as their names say. */
export const isDowngrade = (from: Release, to: Release): boolean => (order(to, from) ?? 0) < 0;
