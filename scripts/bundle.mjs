// How the program is bundled with every package that it imports: to dist/ (build.mjs) and into the one file (build-binary.mjs).
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * What becomes dist/. Entries are what is started by its path, and the one module that asks for its own (src/own-program.ts), which must
 * lie at the root. `splitting`: what is imported late stays late.
 */
export const program = {
  entryPoints: ['src/cli/main.ts', 'src/chain/events/events-worker.ts', 'src/own-program.ts'],
  outbase: 'src',
  format: 'esm',
  splitting: true,
  target: 'node20',
};

/**
 * Bundles as the options of esbuild say, readable in a stack trace. What is not part of Node cannot be asked for at run time: no
 * `node_modules` that lies in some working directory is ever read. Returns the paths of the bundled files.
 */
export function bundle(options) {
  // asked for only now: scripts/setup.mjs comes here before anything is installed
  const require = createRequire(import.meta.url);
  const { buildSync } = require('esbuild');
  const { metafile } = buildSync({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    // its other form asks for its parts by names that no bundler sees
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // ws's optional compiled parts
    define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
    banner: { js: onlyBuiltins },
    ...options,
  });
  const foreign = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ path, external }) => external && !path.startsWith('node:') && !isBuiltin(path))
    .map(({ path }) => path);
  if (foreign.length > 0)
    throw new Error(`${options.entryPoints} would ask for ${[...new Set(foreign)].join(', ')} at run time`);
  return Object.keys(metafile.inputs);
}

const onlyBuiltins = `const require = (name) => {
  const found = process.getBuiltinModule(name);
  if (found === undefined) throw Object.assign(new Error('Cannot find module ' + name), { code: 'MODULE_NOT_FOUND' });
  return found;
};`;
