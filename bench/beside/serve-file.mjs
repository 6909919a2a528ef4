// Serves so many random bytes under every path, from memory, in a process of its own. Tells its parent where, and their SHA-256.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const bytes = randomBytes(Number(process.argv[2]));
const checksum = `0x${createHash('sha256').update(bytes).digest('hex')}`;
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-length': bytes.length });
  response.end(bytes);
});
server.listen(0, '127.0.0.1', () =>
  process.send({ url: `http://127.0.0.1:${server.address().port}/release`, checksum }),
);
process.on('disconnect', () => process.exit(0));
