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
    const floor = () => floorOf(name);
    const plan = plans.get(name) ?? {
      name,
      endpoints,
      genesis,
      sources: new Map(),
      accounts: new Map(),
      floor: floor(),
    };
    const sources = new Map([...plan.sources, [client.client, client.source] as const]);
    const own = client.account === null ? [] : [[client.client, client.account.id] as const];
    plans.set(name, { ...plan, sources, accounts: new Map([...plan.accounts, ...own]) });
  }
  return [...plans.values()];
}
