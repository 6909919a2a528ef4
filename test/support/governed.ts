import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startReleaseServer } from '../../demo/release-server.ts';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

/** Bytes that lie at the host of files. */
export interface Uploaded {
  readonly uri: string;
  readonly checksum: string;
}

/** How a client of these tests is made: it takes one flag, and reads data of one form. */
export interface Program {
  readonly flag: string;
  readonly form: number;
  /** What it prints when it is asked by `--spec-versions`. */
  readonly specVersions?: string;
}

/** A real runtime, a host of files, and the real daemon over both. All of it ends with the test. */
export interface Governed extends World {
  readonly chain: DevChain;
  readonly files: string;
  client(version: string, program: Program): Uploaded;
  /** Refuses any flag but `from`. */
  migrateArguments(version: string, from: string, to: string): Uploaded;
  /** Refuses any form but `from`; `null`: takes any. */
  migrateData(version: string, from: number | null, to: number): Uploaded;
  /** Writes the args file: the client has its data in `db`, and is started with `--a 7`. */
  govern(release: object, more?: object): Promise<void>;
  /** Builds empty blocks, and waits until the daemon has read the last of them. */
  blocks(count: number): Promise<void>;
  /** Every start, as the client itself told it: version, flag, value, and the form of its data. */
  starts(): Promise<readonly string[]>;
  /** Which migrations of data ran: from and to, as they were told. */
  migrated(): Promise<readonly string[]>;
  /** How often the bytes of an upload were asked for. */
  asked(of: Uploaded): number;
}

export async function createGoverned(options: WorldOptions = {}): Promise<Governed> {
  const world = await createWorld(options);
  const [chain, server] = await Promise.all([startDevChain(), startReleaseServer()]);
  onTestFinished(async () => {
    await Promise.all([chain.stop(), server.stop()]);
  });
  const upload = (path: string, text: string): Uploaded => ({
    uri: server.put(path, Buffer.from(text)),
    checksum: `0x${createHash('sha256').update(text).digest('hex')}`,
  });
  const lines = async (path: string) =>
    (await readFile(join(world.home, 'instances/kintsugi/vault/data', path), 'utf8').catch(() => ''))
      .split('\n')
      .filter(Boolean);
  return {
    ...world,
    chain,
    files: server.url,
    client: (version, program) => upload(`/${version}/vault`, clientText(version, program)),
    migrateArguments: (version, from, to) => upload(`/${version}/migrate-arguments`, argumentsText(version, from, to)),
    migrateData: (version, from, to) => upload(`/${version}/migrate-data`, dataText(version, from, to)),
    govern: (release, more = {}) => {
      const vault = { release, args: ['--a', '7'], data: { dir: '{data}/db' }, ...more };
      const network = { endpoints: [chain.endpoint], clients: { vault } };
      return world.write({}, { networks: { kintsugi: network } });
    },
    async blocks(count) {
      let last = 0;
      for (let block = 0; block < count; block += 1) last = (await chain.newBlock()).number;
      await world.until(`block ${last} is read`, ({ chain: read }) => (read?.finalized?.number ?? 0) >= last);
    },
    starts: () => lines('started'),
    migrated: () => lines('db/steps'),
    asked: ({ uri }) => server.asked(new URL(uri).pathname),
  };
}

/** The first of them makes the data, in form 0. */
const clientText = (version: string, { flag, form, specVersions }: Program): string => `#!/bin/sh
# vault ${version}
${specVersions === undefined ? '' : `[ "$1" = --spec-versions ] && { echo '${specVersions}'; exit 0; }`}
[ "$1" = ${flag} ] && [ $# = 2 ] || { echo "error: unexpected argument $1" >&2; exit 2; }
[ -e db/form ] || { mkdir -p db; echo 0 > db/form; }
[ "$(cat db/form)" = ${form} ] || { echo "error: cannot read data of form $(cat db/form)" >&2; exit 3; }
echo "${version} $1 $2 form $(cat db/form)" >> started
echo 'Starting all services'
trap 'exit 0' INT
while :; do sleep 0.05; done
`;

const argumentsText = (version: string, from: string, to: string): string => `#!${process.execPath}
// to ${version}
let text = ''; process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => {
  const given = JSON.parse(text);
  if (given.args[0] !== '${from}') { console.error('not from ' + given.args[0]); process.exit(1); }
  process.stdout.write(JSON.stringify({ ...given, args: ['${to}', ...given.args.slice(1)] }));
});
`;

const dataText = (version: string, from: number | null, to: number): string => `#!/bin/sh
# to ${version}
cd "$VAULTVISOR_DATA_DIR" || exit 5
${from === null ? '' : `[ "$(cat form)" = ${from} ] || { echo "not from form $(cat form)"; exit 4; }`}
echo ${to} > form
echo "$VAULTVISOR_FROM to $VAULTVISOR_TO" >> steps
`;
