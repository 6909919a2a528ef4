import type { Finding } from '../../../src/doctor/examine.ts';
import type { Room } from './room.ts';

/** One condition of the machine, and what a check says of it. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly state: Finding['state'];
  readonly says: RegExp;
  /** Makes the condition for real. */
  readonly scene: (room: Room) => unknown;
  /** Where the condition can be made. */
  readonly needs?: 'root' | 'mounts';
  /** What `--fix` leaves: the check is asked again. */
  readonly mended?: Finding['state'];
}
