import type { z } from 'zod';
import { client } from './schema/client.ts';
import { notify } from './schema/notify.ts';
import { list, named, record } from './schema/record.ts';
import { absolutePath, count, flag, genesis, name, patterned, text } from './schema/text.ts';
import { endpoint, hostName, listenAddress } from './schema/url.ts';

const network = record({
  endpoints: list(endpoint, 'must be a list of URLs').optional().meta({
    description:
      'Nodes of the chain, tried in turn; {endpoint} in "args" is the first. May be missing where no client reads a chain.',
  }),
  genesis: genesis.optional().meta({ description: 'Hash of block 0; default: recorded at first contact.' }),
  clients: named(name, client),
});

/** The args file, in the shape that it is written in. */
export const argsFile = record({
  $schema: text.optional(),
  home: absolutePath.meta({ description: 'The folder that holds everything vaultvisor keeps. Cannot be reloaded.' }),
  networks: named(name, network),
  defaults: client
    .optional()
    .meta({ description: 'Settings that every client inherits; objects are joined, lists replaced.' }),
  http: record({
    listen: listenAddress,
    hosts: list(hostName, 'must be a list of names')
      .optional()
      .meta({ description: 'Names by which browsers may ask, beside addresses and localhost.', default: [] }),
  })
    .optional()
    .meta({ description: 'Where the page, /metrics, /livez and /readyz are served; absent: nowhere.' }),
  notify: notify.optional().meta({ description: 'Who is told what happens; absent: nobody.' }),
  control: record({
    group: patterned(/^([A-Za-z_][A-Za-z0-9_.-]*\$?|\d{1,10})$/, 'must be the name or the number of a group').meta({
      description: 'Whose members may read: status, history, logs, check.',
    }),
  }).optional(),
  maxUpdating: count(1).optional().meta({ description: 'How many clients are switched at a time.', default: 1 }),
  maxStarting: count(1).optional().meta({ description: 'How many clients start at a time.', default: 2 }),
  lockDir: absolutePath
    .optional()
    .meta({ description: 'The folder of the locks, shared by every vaultvisor of this machine.' }),
  allowInsecure: flag
    .optional()
    .meta({ description: 'Allows http:, ws: and listeners beyond this machine.', default: false }),
});

export type ArgsFile = z.output<typeof argsFile>;
export type NetworkFile = z.output<typeof network>;
export type ClientFile = z.output<typeof client>;
