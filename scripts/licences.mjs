// What those who wrote the parts of a bundle want to be told with it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** One text: the licence of Node, if one (its path) is in it too, then that of each package of which `inputs` has a part, by name. */
export function licencesOf(inputs, node = null) {
  const packages = packagesOf(inputs).map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return section(`${name} ${version} (${license})`, textIn(join(root, folder)));
  });
  const runtime = node === null ? [] : [section('Node.js', textIn(join(dirname(node), '..')))];
  return [...runtime, ...packages].join('\n');
}

/** The folders of the packages of which `inputs` (paths of bundled files) has a part, in order: `node_modules/zod`. */
export function packagesOf(inputs) {
  const folders = inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(folders)].sort();
}

function textIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file === undefined
    ? 'It comes without the text of its licence.'
    : readFileSync(join(folder, file), 'utf8').trim();
}

const section = (title, text) => `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text}\n`;
