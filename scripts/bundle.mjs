// How the program is bundled with every package that it imports: to dist/ (build.mjs) and into the one file (build-binary.mjs).
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * What becomes dist/: the program, `splitting`, so that what is imported late stays late, with the one module that asks for its own place
 * (src/own-program.ts), which must lie at the root; and what a thread is started with, one script.
 */
export const shipped = [
  {
    entryPoints: ['src/cli/main.ts', 'src/own-program.ts'],
    outbase: 'src',
    format: 'esm',
    splitting: true,
    target: 'node20',
  },
  {
    entryPoints: ['src/chain/events/events-worker.ts'],
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    target: 'node20',
  },
];

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
    logLevel: 'silent', // what it throws says it
    // its other form asks for its parts by names that no bundler sees
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // ws's optional compiled parts
    define: { 'process.env.WS_NO_BUFFER_UTIL': '"1"', 'process.env.WS_NO_UTF_8_VALIDATE': '"1"' },
    banner: { js: onlyBuiltins },
    ...options,
  });
  refuseForeign(metafile, options);
  if (options.splitting) refuseNameless(metafile);
  return Object.keys(metafile.inputs);
}

function refuseForeign({ outputs }, { entryPoints }) {
  const foreign = Object.values(outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ path, external }) => external && !path.startsWith('node:') && !isBuiltin(path))
    .map(({ path }) => path);
  if (foreign.length > 0)
    throw new Error(
      `${entryPoints} would ask for ${[...new Set(foreign)].join(', ')} at run time, and nobody installs that`,
    );
}

/** With `splitting` a CommonJS package that is imported by import() has no names but `default`; where it is one file it has them all. */
function refuseNameless({ inputs }) {
  const late = Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports
      .filter(({ kind, path }) => kind === 'dynamic-import' && path.includes('node_modules/'))
      .map(({ original, path }) => `${file} imports ${original ?? path}`),
  );
  if (late.length > 0)
    throw new Error(
      `${late.join(', ')} by import(), which would find no names in it if it is CommonJS. Import it in a module of ours, and load that late, as src/http-client.ts is`,
    );
}

const onlyBuiltins = `const require = (name) => {
  const found = process.getBuiltinModule(name);
  if (found === undefined) throw Object.assign(new Error('Cannot find module ' + name), { code: 'MODULE_NOT_FOUND' });
  return found;
};`;
