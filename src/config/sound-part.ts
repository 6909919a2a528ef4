import type { Finding, Path } from './problem.ts';
import { type ArgsFile, argsFile } from './schema.ts';

/** Where the fault is in one of these, what the other clients say means something else without it. */
const decisive = [undefined, 'defaults', 'allowInsecure'];

/**
 * The file without what the schema refuses, so that what is wrong between the rest is told at the same time;
 * `null` where too little is left.
 */
export function soundPart(value: unknown, findings: readonly Finding[]): ArgsFile | null {
  if (findings.some(({ path: [top] }) => decisive.includes(top as string))) return null;
  const rest = findings.map(({ path }) => unitOf(path)).reduce(without, value);
  const parsed = argsFile.safeParse({ home: '/', ...(rest as object) });
  return parsed.success ? parsed.data : null;
}

/** A client with a fault is left out whole: half of it would be wrong in ways that the file is not. */
function unitOf(path: Path): Path {
  const [top, network, clients, client] = path;
  if (top !== 'networks') return path.slice(0, 1);
  if (clients === 'clients' && client !== undefined) return path.slice(0, 4);
  return network === undefined ? path.slice(0, 1) : path.slice(0, 2);
}

function without(value: unknown, [step, ...rest]: Path): unknown {
  if (typeof value !== 'object' || value === null || step === undefined) return value;
  const entries = Object.entries(value);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== String(step)));
  return Object.fromEntries(entries.map(([key, held]) => [key, key === String(step) ? without(held, rest) : held]));
}
