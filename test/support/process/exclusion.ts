// `exclusion.ts <folder>` says whether locks in the folder are believed to exclude, and whether they pass the proof by two processes.
import { provesExclusion, requireExclusion } from '../../../src/process/locks/exclusion.ts';

const [folder = ''] = process.argv.slice(2);
const refusal = await requireExclusion(folder).then(
  () => null,
  (error: Error) => error.message,
);
console.log(JSON.stringify({ refusal, proof: await provesExclusion(folder) }));
