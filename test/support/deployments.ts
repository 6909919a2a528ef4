import { hash } from 'node:crypto';
import { type Deployment, deploymentOf, type Settings } from '../../src/core/deployment.ts';
import type { Release } from '../../src/core/release.ts';

/** The SHA-256 of a text as a checksum: releases of tests are named by what they are called. */
export const checksum = (text: string): string => `0x${hash('sha256', text, 'hex')}`;

export const release = (name: string, uri: string | null = null): Release => ({
  checksum: checksum(name),
  uri,
  version: null,
});

export const settings = (...args: string[]): Settings => ({ args, env: {}, cwd: '/', member: null });

/** A deployment whose first argument is its name. */
export const deployment = (name: string): Deployment => deploymentOf(release(name), settings(name));
