import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimesSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished } from 'vitest';
import { startAgent } from '../../../src/agent/agent.ts';
import { ownVersion } from '../../../src/cli/version.ts';
import { silentLog } from '../../../src/log.ts';
import { bootId, machineTime } from '../../../src/process/machine.ts';
import { save } from '../../support/process/request.ts';
import type { Room } from '../support/room.ts';
import type { Row } from '../support/row.ts';

async function listener(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A client that somebody starts with the key: its parent is neither we nor a vaultvisor. */
async function stranger(room: Room): Promise<void> {
  const key = await room.put('key.json', `{"seed":"${room.folder}"}`);
  const vault = await room.put('vault', '#!/bin/sh\nwhile :; do sleep 1; done\n', 0o755);
  const shell = spawn('/bin/sh', ['-c', '"$0" --keyfile "$1" >/dev/null 2>&1 & echo $!', vault, key], {
    detached: true,
  });
  const [pid] = await once(shell.stdout, 'data');
  onTestFinished(() => void process.kill(Number(pid), 'SIGKILL'));
  await once(shell, 'exit');
  await room.args({ identity: undefined, args: ['--keyfile', key] });
}

/** An agent, and a client that it is to run. */
async function agentOf(ofVersion: string, room: Room): Promise<void> {
  const socket = `${room.folder}/run/agent.sock`;
  const agent = await startAgent({
    socket,
    locks: `${room.folder}/locks`,
    version: ofVersion,
    log: silentLog,
    save,
    passOn: () => {},
  });
  onTestFinished(() => agent.stop());
  await room.args({ agent: { socket } });
}

const clockAt = (room: Room, ahead: number) => {
  const record = { schema: 1, boot: bootId(), machine: machineTime(), time: Date.now() - ahead };
  return room.put('home/clock.json', JSON.stringify(record));
};

export const runningRows: readonly Row[] = [
  {
    id: 'orphans',
    what: 'neither daemon nor client',
    state: 'well',
    says: /No client is left/,
    scene: (room) => room.args(),
  },
  { id: 'agents', what: 'none asked for', state: 'skipped', says: /No client is run by/, scene: (room) => room.args() },
  {
    id: 'agents',
    what: 'nobody at the socket',
    state: 'error',
    says: /No agent runs it: .*agent\.sock/,
    scene: (room) => room.args({ agent: { socket: `${room.folder}/run/agent.sock` } }),
  },
  {
    id: 'agents',
    what: 'one of another version',
    state: 'warning',
    says: /Its agent is of version 0\.0\.1, and this program of/,
    scene: (room) => agentOf('0.0.1', room),
  },
  {
    id: 'agents',
    what: 'one that answers',
    state: 'well',
    says: /The agent answers/,
    scene: (room) => agentOf(ownVersion(), room),
  },
  { id: 'daemon-answers', what: 'no daemon', state: 'note', says: /No daemon runs/, scene: (room) => room.args() },
  {
    id: 'strangers',
    what: 'a client that a person started',
    state: 'error',
    says: /Another client of its account is on this machine, pid \d+ .*: nothing is started/,
    scene: stranger,
  },
  {
    id: 'strangers',
    what: 'nobody else',
    state: 'well',
    says: /No client of these accounts/,
    scene: async (room) =>
      room.args({ identity: undefined, args: ['--keyfile', await room.put('key.json', room.folder)] }),
  },
  {
    id: 'port-clash',
    what: 'somebody on the port of the pages',
    state: 'warning',
    says: /http\.listen\), is taken by pid \d+/,
    scene: async (room) => room.args({}, {}, { http: { listen: `127.0.0.1:${await listener()}` } }),
  },
  {
    id: 'port-clash',
    what: 'somebody on the port of a client',
    state: 'error',
    says: /where its probes ask, is listened on by pid \d+/,
    scene: async (room) =>
      room.args({ health: { probes: [{ http: `http://127.0.0.1:${await listener()}/metrics` }] } }),
  },
  {
    id: 'port-clash',
    what: 'ports of their own',
    state: 'well',
    says: /Nobody is in the way/,
    scene: (room) =>
      room.args({ health: { probes: [{ tcp: '127.0.0.1:19615' }] } }, {}, { http: { listen: '127.0.0.1:19616' } }),
  },
  {
    id: 'tini',
    what: 'tini where it is asked for',
    state: 'well',
    says: /tini is/,
    scene: (room) => room.args({ parentDeath: 'tini' }),
  },
  {
    id: 'state-readable',
    what: 'a damaged state',
    state: 'error',
    says: /state.*damaged/i,
    scene: async (room) => {
      await room.args();
      await room.put('home/instances/kintsugi/vault/state.json', '{"schema":');
    },
  },
  { id: 'state-readable', what: 'no state yet', state: 'well', says: /can be read/, scene: (room) => room.args() },
  {
    id: 'leftovers',
    what: 'a file of a writer that died',
    state: 'note',
    says: /1 unfinished file .* such as .*\.state\.json\.4194305/,
    mended: 'well',
    scene: async (room) => {
      await room.args();
      const path = await room.put('home/instances/kintsugi/vault/.state.json.4194305.0123456789ab.1.tmp', '');
      utimesSync(path, 1, 1);
    },
  },
  {
    id: 'leftovers',
    what: 'a file that is just being written',
    state: 'well',
    says: /Nothing is left over/,
    scene: async (room) => {
      await room.args();
      await room.put('home/.accepted.json.4194305.0123456789ab.1.tmp', '');
    },
  },
  {
    id: 'clock-jumped',
    what: 'a wall clock that was set by an hour',
    state: 'note',
    says: /set the wall clock 3600 s forward/,
    scene: async (room) => {
      await room.args();
      await clockAt(room, 3_600_000);
    },
  },
  {
    id: 'clock-jumped',
    what: 'a wall clock that nobody set',
    state: 'well',
    says: /Nobody has set/,
    scene: async (room) => {
      await room.args();
      await clockAt(room, 0);
    },
  },
];
