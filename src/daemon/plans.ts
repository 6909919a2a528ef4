import type { Placed } from '../config/accepted-record.ts';
import type { NetworkPlan } from './networks.ts';

/** What is to be followed, one plan for each network. `floorOf`: the highest finalised block that was acted on there. */
export function plansOf(
  placed: readonly Placed[],
  floorOf: (network: string) => number | null,
): readonly NetworkPlan[] {
  const plans = new Map<string, NetworkPlan>();
  for (const { network, client } of placed) {
    const { name, endpoints, genesis } = network;
    const plan = plans.get(name) ?? { name, endpoints, genesis, sources: new Map(), floor: floorOf(name) };
    plans.set(name, { ...plan, sources: new Map([...plan.sources, [client.client, client.source]]) });
  }
  return [...plans.values()];
}
