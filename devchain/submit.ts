import type { ApiPromise, Keyring, SubmittableResult } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/promise/types';
import type { BlockRef } from './block.ts';

type Signer = ReturnType<Keyring['addFromUri']>;
type DispatchError = NonNullable<SubmittableResult['dispatchError']>;

/** A call as the runtime at this connection encodes it. Throws where that runtime has no such call. */
export function extrinsic(api: ApiPromise, pallet: string, call: string, ...args: unknown[]): SubmittableExtrinsic {
  const make = api.tx[pallet]?.[call];
  if (!make) throw new Error(`the runtime of ${api.runtimeVersion.specName} has no ${pallet}.${call}`);
  return make(...args);
}

/**
 * Signs and submits an extrinsic and waits for the block that holds it. `build` is called once the extrinsic is in the pool: a
 * chain that builds only when asked is asked there.
 * Throws when the pool refuses the extrinsic, when the connection is lost, and when the call fails, be it inside `sudo`.
 */
export async function submit(
  api: ApiPromise,
  act: SubmittableExtrinsic,
  signer: Signer,
  build: () => Promise<unknown> = async () => undefined,
): Promise<BlockRef> {
  const result = await included(api, act, signer, build);
  const error = result.dispatchError ?? sudoError(result);
  if (error) throw new Error(`${callName(act)} failed: ${inWords(api, error)}`);
  const hash = blockOf(result);
  return { number: (await api.rpc.chain.getHeader(hash)).number.toNumber(), hash };
}

function included(api: ApiPromise, act: SubmittableExtrinsic, signer: Signer, build: () => Promise<unknown>) {
  return new Promise<SubmittableResult>((resolve, reject) => {
    const lost = () => reject(new Error(`the connection was lost while ${callName(act)} was on its way`));
    const settle = (end: () => void) => {
      api.off('disconnected', lost);
      end();
    };
    api.on('disconnected', lost);
    const heard = (result: SubmittableResult) => {
      // under load Chopsticks' "in block" may be skipped, and "finalized" is all that comes
      if (result.status.isInBlock || result.status.isFinalized) settle(() => resolve(result));
      else if (result.isError) settle(() => reject(new Error(`${callName(act)} was dropped: ${result.status.type}`)));
    };
    // nonce -1: asked for anew; the one that the api remembers is stale when two extrinsics follow close upon each other
    act
      .signAndSend(signer, { nonce: -1 }, heard)
      .then(build)
      .catch((error: unknown) => settle(() => reject(error)));
  });
}

/** Sudo reports the failure of what it dispatched in an event, its own extrinsic is a success all the same. */
function sudoError(result: SubmittableResult): DispatchError | undefined {
  const outcome = result.findRecord('sudo', 'Sudid')?.event.data[0] as unknown as
    | { isErr: boolean; asErr: DispatchError }
    | undefined;
  return outcome?.isErr ? outcome.asErr : undefined;
}

function inWords(api: ApiPromise, error: DispatchError): string {
  if (!error.isModule) return error.toString();
  const { section, name } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}`;
}

const blockOf = ({ status }: SubmittableResult): string =>
  (status.isInBlock ? status.asInBlock : status.asFinalized).toHex();

const callName = ({ method }: SubmittableExtrinsic): string => `${method.section}.${method.method}`;
