import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { look } from '../../demo/daemon-process.ts';
import { type ReleaseServer, startReleaseServer } from '../../demo/release-server.ts';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import type { World } from './world.ts';

/** What a client of these tests wrote of itself; times are of the machine's uptime, in milliseconds. */
export interface Told {
  readonly place: string;
  readonly at: number;
  readonly what: 'start' | 'asked' | 'overlap';
  readonly version: string;
  /** When the kernel started it. */
  readonly started: number;
}

/** One host of releases whose clients cost next to nothing, so that ten of them run beside each other. */
export interface Fleet {
  /** Puts a release at `/<version>/vault`. */
  release(version: string): { readonly uri: string; readonly checksum: string };
  /** How often the bytes of a release were asked for, by whomever. */
  asked(version: string): number;
  readonly url: string;
  all(): Promise<readonly InstanceStatus[]>;
  /** Waits until so many places hold. */
  untilAll(what: string, places: readonly string[], holds: (status: InstanceStatus) => boolean): Promise<void>;
  told(places: readonly string[]): Promise<readonly Told[]>;
}

export async function createFleet(world: World): Promise<Fleet> {
  const server: ReleaseServer = await startReleaseServer();
  onTestFinished(() => server.stop());
  const all = async () => (await look(world.home))?.instances ?? [];
  return {
    url: server.url,
    release(version) {
      const bytes = Buffer.from(clientText(version));
      const checksum = `0x${createHash('sha256').update(bytes).digest('hex')}`;
      return { uri: server.put(`/${version}/vault`, bytes), checksum };
    },
    asked: (version) => server.asked(`/${version}/vault`),
    all,
    async untilAll(what, places, holds) {
      for (const place of places) await world.until(`${place}: ${what}`, holds, place);
    },
    async told(places) {
      const read = places.map(async (place) => {
        const path = join(world.home, 'instances', place, 'data', 'journal');
        const text = await readFile(path, 'utf8').catch(() => '');
        return text.split('\n').flatMap((line) => (line === '' ? [] : [toldOf(place, line)]));
      });
      return (await Promise.all(read)).flat();
    },
  };
}

function toldOf(place: string, line: string): Told {
  const [seconds, what, version = '', ticks] = line.split(' ');
  return { place, at: Number(seconds) * 1_000, what: what as Told['what'], version, started: Number(ticks) * 10 };
}

/** It is its own witness, takes 0.3 s to leave, and sleeps the rest of the time. Field 22 of /proc/<pid>/stat is its start (proc_pid_stat(5)). */
const clientText = (version: string): string => `#!/bin/sh
# vault ${version}
read -r stat < /proc/$$/stat
set -- \${stat##*) }
started=\${20}
tell() { read -r up rest < /proc/uptime; echo "$up $1 ${version} $started" >> journal; }
mkdir witness 2> /dev/null || tell overlap
tell start
echo 'Starting all services'
trap 'tell asked; kill $sleeper; sleep 0.3; rmdir witness; exit 0' INT
while :; do sleep 600 & sleeper=$!; wait $sleeper; done
`;
