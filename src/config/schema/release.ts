import { z } from 'zod';
import { defaultInterval } from '../client-defaults.ts';
import { list, record } from './record.ts';
import { duration, filledText, text } from './text.ts';
import { fileOrWebUrl, migrationTemplate, releaseTemplate } from './url.ts';

const compatibility = list(
  text,
  'must be a list of texts: arguments for the new program, or a command that begins with an absolute path',
)
  .min(1, {
    error: 'must hold an argument, such as "--spec-versions": without one the new program would begin to serve',
  })
  .optional()
  .meta({
    description: 'By which a new program is asked which spec versions it serves, where its source does not say.',
  });

const clientsInfo = record({
  source: z.literal('clients-info'),
  client: filledText.optional().meta({ description: 'The name of the client on chain; default: the key.' }),
  compatibility,
});

const vaultRegistry = record({
  source: z.literal('vault-registry'),
  url: releaseTemplate.meta({
    description: 'Where a version is had: {version}, {network}, {os} and {arch} are filled in.',
  }),
  migrations: migrationTemplate.optional().meta({
    description: 'Where the migrations that lead to a version are had: {kind} too, "arguments" or "data".',
  }),
  compatibility,
});

const manifest = record({
  source: z.literal('manifest'),
  url: fileOrWebUrl.meta({
    description: 'A JSON file {"version"?, "uri", "checksum"}, with what else is to be said of the release.',
  }),
  interval: duration(100).optional().meta({ description: 'How often it is read.', default: defaultInterval }),
});

/** Where a client's releases are announced. */
export const release = z.discriminatedUnion('source', [clientsInfo, vaultRegistry, manifest], {
  error: (issue) =>
    issue.code === 'invalid_union'
      ? 'must be "clients-info", "vault-registry" or "manifest"'
      : 'must be an object with "source": "clients-info", "vault-registry" or "manifest"',
});
