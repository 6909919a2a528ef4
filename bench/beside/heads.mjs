// Hears the finalised heads of a chain beside the daemon, in a process of its own: ENDPOINT [KEYS]. Tells its parent the number and the
// time of each; with KEYS (JSON) it reads them at each head first, as the daemon does, and tells how long that took.
import { WebSocket } from 'ws';

const [endpoint, keys] = process.argv.slice(2);
const socket = new WebSocket(endpoint);
const clock = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;
const waiting = new Map();
let id = 0;
const ask = (method, ...params) =>
  new Promise((resolve) => {
    waiting.set(++id, resolve);
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  });

async function heard(number) {
  const at = clock();
  if (keys === undefined) return process.send({ number, at });
  const hash = await ask('chain_getBlockHash', number);
  const asked = clock();
  await ask('state_queryStorageAt', JSON.parse(keys), hash);
  process.send({ number, at, read: clock() - asked });
}

socket.on('message', (data) => {
  const { id: answered, result, params } = JSON.parse(data);
  if (params) heard(Number(params.result.number));
  else waiting.get(answered)?.(result);
});
socket.once('open', () => ask('chain_subscribeFinalizedHeads').then(() => process.send({ ready: true })));
process.on('disconnect', () => process.exit(0));
