import type { BlockRef } from './block.ts';
import { connectGovernor, type Governor } from './governor.ts';

/** Does one act of the governor at a running dev chain and says in which block it is. Throws what the act throws. */
export async function publish(endpoint: string, act: (governor: Governor) => Promise<BlockRef>): Promise<void> {
  const governor = await connectGovernor(endpoint).catch((cause: unknown) => {
    throw new Error(`no dev chain answers at ${endpoint}; start one with: npm run devchain`, { cause });
  });
  try {
    const { number, hash } = await act(governor);
    console.log(`block ${number} ${hash}, spec version ${governor.api().runtimeVersion.specVersion}`);
  } finally {
    await governor.close();
  }
}
