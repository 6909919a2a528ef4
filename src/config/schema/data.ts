import { z } from 'zod';
import { clientDefaults } from '../client-defaults.ts';
import { record } from './record.ts';
import { absolutePath, count, duration, workingDirectory } from './text.ts';

const d = clientDefaults.data;

/** Where a client keeps its database, for migrations of it. */
export const data = record({
  dir: workingDirectory.optional().meta({
    description: 'The folder of its database, on a local disk; without it no release that migrates data is taken.',
  }),
  backupDir: absolutePath.optional().meta({
    description: 'Where backups are kept, by network and client; default: in the home, beside its data folder.',
  }),
  keep: count(0)
    .optional()
    .meta({ description: 'How many backups are kept beside those still needed.', default: d.keep }),
  deadline: duration().optional().meta({ description: 'How long one migration may take.', default: d.deadline }),
  rollback: z
    .enum(['never', 'compatible', 'restore'], { error: 'must be "never", "compatible" or "restore"' })
    .optional()
    .meta({
      description:
        'What leads back by itself once a client ran on migrated data: nothing, the former release on the same data, or the backup (what was done since is lost).',
      default: d.rollback,
    }),
});
