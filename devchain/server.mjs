// The process in which Chopsticks runs one chain. Its parent (server-process.ts) says over IPC what to run and hears over IPC where
// it listens; when the parent goes, however it goes, this process goes with it.
//
// Plain JavaScript on purpose: a bare `node` runs it under any loader and from any folder, and loading Chopsticks through a
// TypeScript loader took 0.7 s more at every start.
import process from 'node:process';

process.once('disconnect', () => process.exit(0));
if (process.connected !== true) {
  console.error('server.mjs is started by startDevChain(); for a chain to play with: npm run devchain');
  process.exit(64);
}

/** @type {import('./server-process.ts').ServerOptions} */
const { spec, genesis, blocks, port } = await new Promise((resolve) => process.once('message', resolve));

// read by Chopsticks while it is loaded
process.env.LOG_LEVEL = 'error';
const { BuildBlockMode, GenesisProvider, setupWithServer } = await import('@acala-network/chopsticks');

// Chopsticks calls block 0 of every chain 0x4545…; two chains beside each other need to be told apart.
Object.defineProperty(GenesisProvider.prototype, 'blockHash', { get: () => genesis });

const { addr } = await setupWithServer({
  'chain-spec': spec,
  host: '127.0.0.1',
  port,
  'build-block-mode': blocks === 'manual' ? BuildBlockMode.Manual : BuildBlockMode.Instant,
  'mock-signature-host': true,
});
// where a port is taken Chopsticks silently takes one of the next
if (port !== 0 && !addr.endsWith(`:${port}`)) {
  console.error(`port ${port} is in use`);
  process.exit(1);
}
process.send?.({ endpoint: `ws://${addr}` });
