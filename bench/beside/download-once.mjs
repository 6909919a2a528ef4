// Downloads as the daemon does, in a process of its own: FOLDER CHECKSUM URL. Tells its parent how long it took and how its memory grew.
import { join } from 'node:path';
import { download } from '../../build/store/download.js';

const [folder, checksum, url] = process.argv.slice(2);
const store = { partial: join(folder, 'partial'), verified: join(folder, 'sha256') };
const request = { checksum, uris: [url], allowInsecure: false, allowFile: false, progress: () => {} };
const before = process.memoryUsage.rss();
const began = performance.now();
await download(store, request, new AbortController().signal);
const took = performance.now() - began;
process.send({ took, grown: process.resourceUsage().maxRSS * 1_024 - before });
process.disconnect();
