import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beginChain } from './faults/chain.ts';
import { compileFaults } from './faults/library.ts';
import { setStage } from './faults/stage.ts';
import { stories } from './faults/stories.ts';
import { compileClient } from './support/client/client.ts';
import { failAt } from './failing-calls/point.ts';
import { NO_LOG } from './failing-calls/points.ts';
const [name, from, to, error, times, lasts] = process.argv.slice(2);
const folder = mkdtempSync('/tmp/vv-point-');
const means = { program: join(import.meta.dirname, '../dist/cli/main.js'), client: compileClient(folder), library: compileFaults(folder) };
const story = stories.find((s) => s.name === name)!;
let n = 0;
const work = async (w: number) => {
  const chain = await beginChain(await setStage(join(folder, `w${w}`), means, NO_LOG), story);
  for (let i = 0; i < Number(times); i += 1) for (let nth = Number(from); nth <= Number(to); nth += 1) {
    const o = await failAt(chain, { story, nth, error: error as never, lasts: lasts === 'lasts' }).catch((e) => ({ wrong: [String(e).slice(0, 9000)], wentBack: false, failed: chain.life?.page.calls().slice(0,8).map(c=>c.call+' '+c.path+' '+c.error).join('; ') }));
    n += 1;
    if (w === 0 && i === 0) console.log(nth, o.failed);
    if (o.wrong.length) { console.log(w, i, nth, o.failed, o.wrong.join('\n')); return; }
    if (o.wentBack) { console.log('went back', nth); return; }
  }
  await chain.stage.scene.close();
};
await Promise.all([0, 1, 2, 3].map(work));
console.log('points', n);
