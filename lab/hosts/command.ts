import { execa } from 'execa';

/** Runs a program to its end. @throws Error with its words if it ends with anything but 0 */
export async function command(file: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await execa(file, [...args], { stdin: 'ignore' });
  return `${stdout}\n${stderr}`.trim();
}

/** The same, ended with what it said and how it ended. */
export async function outcome(
  file: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly text: string }> {
  const { stdout, stderr, exitCode } = await execa(file, [...args], { stdin: 'ignore', reject: false });
  return { code: exitCode ?? -1, text: `${stdout}\n${stderr}`.trim() };
}

/** Which of these programs this machine lacks, in words; `null`: none. */
export async function lacking(...programs: readonly string[]): Promise<string | null> {
  const asked = await Promise.all(
    programs.map(async (name) => ((await outcome('sh', '-c', `command -v ${name}`)).code === 0 ? [] : [name])),
  );
  const missing = asked.flat();
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}
