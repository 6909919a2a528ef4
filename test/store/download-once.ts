import { join } from 'node:path';
import { download } from '../../src/store/download.ts';

/** A process that downloads: `<folder> <checksum> <uri>`; its first progress and its end are lines on stdout. */
const [folder = '', checksum = '', uri = ''] = process.argv.slice(2);
const store = { partial: join(folder, 'partial'), verified: join(folder, 'sha256'), staged: join(folder, 'staged') };
let isFirst = true;
const progress = () => {
  if (isFirst) console.log('flowing');
  isFirst = false;
};
const request = { checksum, uris: [uri], allowInsecure: false, allowFile: false, progress };
await download(store, request, new AbortController().signal).then(
  () => console.log('stored'),
  (error: unknown) => console.log(String(error)),
);
