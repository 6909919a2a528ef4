import { endianness } from 'node:os';
import { VisorError } from '../errors.ts';
import { compareVersions, type Elf } from './elf.ts';
import type { Format } from './format.ts';

/** What of this machine decides whether a program can start on it. */
export interface Host {
  /** As `process.arch` has it. */
  readonly arch: string;
  readonly endian: 'LE' | 'BE';
  /** Such as `2.36`; `null`: not known, or another C library (musl). */
  readonly glibc: string | null;
}

/** `e_machine` and class by the name that Node has for them; the numbers are those of the gABI's registry. */
const machines: Readonly<Record<string, readonly [machine: number, bits: 32 | 64]>> = {
  x64: [62, 64],
  arm64: [183, 64],
  arm: [40, 32],
  ia32: [3, 32],
  riscv64: [243, 64],
  ppc64: [21, 64],
  s390x: [22, 64],
  loong64: [258, 64],
};

export function thisHost(): Host {
  return { arch: process.arch, endian: endianness(), glibc: hostGlibc() };
}

/** The glibc that this process runs on, which is the one that a child will find; `null` where there is none. Some ms. */
export function hostGlibc(): string | null {
  // Without this a report asks the DNS for the name of every peer and may wait for seconds (Node >= 20.13; not in its types).
  const report = Object.assign(process.report, { excludeNetwork: true }).getReport();
  const { glibcVersionRuntime } = (report as { header: { glibcVersionRuntime?: string } }).header;
  return glibcVersionRuntime ?? null;
}

/** Why a program cannot start on this host, with the next move; `null`: nothing is known to be in its way. */
export function checkFits(format: Format, host: Host): VisorError | null {
  switch (format.kind) {
    case 'script':
      return checkInterpreter(format.missing);
    case 'elf':
      return checkMachine(format, host) ?? checkLoader(format.missing) ?? checkGlibc(format, host);
  }
}

function checkInterpreter(missing: string | null): VisorError | null {
  if (missing === null) return null;
  const words = `The script needs the interpreter ${missing}, which is not on this machine, or not executable.`;
  return new VisorError('config', words, 'Install it, or ask whoever publishes the release for a program.');
}

function checkMachine({ machine, bits, endian }: Elf, host: Host): VisorError | null {
  const [wanted, width] = machines[host.arch] ?? [];
  if (machine === wanted && bits === width && endian === host.endian) return null;
  const name = Object.keys(machines).find((arch) => machines[arch]?.[0] === machine && machines[arch]?.[1] === bits);
  const what = `${name ?? `machine ${machine}, ${bits} bits`}${endian === host.endian ? '' : ` (${endian})`}`;
  const next = `Name a release for ${host.arch} (a url template may hold {arch}), or run on such a machine.`;
  return new VisorError('config', `The program is for ${what}, this machine is ${host.arch}.`, next);
}

function checkLoader(missing: string | null): VisorError | null {
  if (missing === null) return null;
  const words = `The program needs the loader ${missing}, which is not on this machine.`;
  const library = missing.includes('musl') ? 'musl' : 'the C library that it was built for';
  return new VisorError('config', words, `Install ${library}, or name a release that was built for this system.`);
}

function checkGlibc({ glibc }: Elf, host: Host): VisorError | null {
  if (glibc === null || host.glibc === null || compareVersions(glibc, host.glibc) <= 0) return null;
  const words = `The program needs glibc ${glibc}, this machine has ${host.glibc}: it would end before its first line.`;
  return new VisorError('config', words, 'Move to a newer release of the system, or ask for a build on an older one.');
}
