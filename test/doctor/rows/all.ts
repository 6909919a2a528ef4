import type { Row } from '../support/row.ts';
import { argsRows } from './args.ts';
import { chainRows } from './chains.ts';
import { diskRows } from './disks.ts';
import { machineRows } from './machine.ts';
import { permissionRows } from './permissions.ts';
import { releaseRows } from './releases.ts';
import { runningRows } from './running.ts';
import { systemdRows } from './systemd.ts';

export const allRows: readonly Row[] = [
  ...[...argsRows, ...runningRows, ...releaseRows, ...chainRows],
  ...[...permissionRows, ...diskRows, ...machineRows, ...systemdRows],
];
