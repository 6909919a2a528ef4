import { sharedLocks } from '../layout.ts';
import type { Patient } from './patient.ts';

/** Where the daemon looks for locks first (process/lock-folder.ts). */
export const usualLockFolder = ({ config }: Pick<Patient, 'config'>, env = process.env): string =>
  config?.lockDir ?? (env['VAULTVISOR_LOCKS'] || sharedLocks);
