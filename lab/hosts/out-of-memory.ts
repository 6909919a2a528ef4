import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from './host.ts';
import { fresh, unless, wrongEnd } from './right-end.ts';
import type { Stage } from './stage.ts';

/** A client that takes more memory than there is. The kernel kills it; nothing else is to be killed. `sameMain`: told whether vaultvisor is the same process still. */
export function outOfMemory(stage: Stage, sameMain: () => Promise<() => Promise<boolean>>): readonly Scenario[] {
  const killed = (): number =>
    stage.history().filter(({ event, reason }) => event === 'exited' && /^killed by SIGKILL/.test(String(reason)))
      .length;
  return [
    {
      words: 'out of memory while it serves',
      run: async () => {
        await fresh(stage);
        const isSame = await sameMain();
        const [seen, before] = [stage.journal().length, killed()];
        await stage.behave('hungry');
        while (killed() === before) await sleep(20);
        await stage.behave(null);
        await stage.until('it serves again', ({ child, verdict }) => child !== null && verdict === 'healthy');
        const next = await fresh(stage);
        return [
          ...unless(await isSame(), 'vaultvisor itself was ended'),
          ...(await wrongEnd(stage, stage.journal().slice(seen), next)),
        ];
      },
    },
    {
      words: 'out of memory on probation',
      run: async () => {
        const served = await fresh(stage);
        const isSame = await sameMain();
        const seen = stage.journal().length;
        const hungry = stage.build('hungry');
        await stage.name(hungry);
        const { quarantined } = await stage.until('the release is quarantined, and the former one serves', (status) => {
          const isBarred = status.quarantined.some(({ checksum }) => checksum === hungry.checksum);
          return isBarred && status.child?.checksum === served.checksum && status.verdict === 'healthy';
        });
        const reason = quarantined.find(({ checksum }) => checksum === hungry.checksum)?.reason ?? '';
        return [
          ...unless(/out of memory/.test(reason), `it was quarantined, since “${reason}”`),
          ...unless(await isSame(), 'vaultvisor itself was ended'),
          ...(await wrongEnd(stage, stage.journal().slice(seen), served)),
        ];
      },
    },
  ];
}
