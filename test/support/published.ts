import { hash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type ReleaseServer, startReleaseServer } from '../../demo/release-server.ts';
import { type FaultyNode, faultyNode } from './faulty-node.ts';
import { clientsInfoKey, compactOf, healthy } from './release-values.ts';

/** A node whose `ClientsInfo` names a release, and the host that has its bytes: for commands that meet a chain for the first time. */
export interface Published {
  readonly node: FaultyNode;
  readonly files: ReleaseServer;
  /** Names these bytes as the release of a client. */
  name(client: string, path: string, bytes: Buffer): { readonly uri: string; readonly checksum: string };
}

export async function startPublished(genesis?: string): Promise<Published> {
  const [node, files] = await Promise.all([faultyNode(genesis === undefined ? {} : { genesis }), startReleaseServer()]);
  onTestFinished(async () => void (await Promise.all([node.stop(), files.stop()])));
  let block = 8;
  return {
    node,
    files,
    name(client, path, bytes) {
      const uri = files.put(path, bytes);
      const digest = hash('sha256', bytes, 'hex');
      const said = Buffer.from(uri);
      const value = `0x${Buffer.concat([compactOf(said.length), said]).toString('hex')}${digest}`;
      block += 1;
      node.finalize(block, healthy({ [clientsInfoKey('Current', client)]: value }));
      return { uri, checksum: `0x${digest}` };
    },
  };
}
