/** Names that release files carry: those of `uname`, which are also those of Rust's target triples. */
const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * The URL of a version's file: `{network}`, `{version}`, `{os}` (linux, darwin) and `{arch}` (x86_64, aarch64) are replaced,
 * everything else stays. The version comes from outside, so it may only hold what cannot leave its place in a path.
 * Throws an Error for any other version, and where the result is no URL.
 */
export function fillTemplate(template: string, network: string, version: string): string {
  if (!/^[A-Za-z0-9._+-]+$/.test(version) || /^\.+$/.test(version)) {
    throw new Error('a version may hold letters, digits and . _ + - only, and more than dots');
  }
  const arch = machines[process.arch] ?? process.arch;
  const words: Readonly<Record<string, string>> = { network, version, os: process.platform, arch };
  const url = template.replace(/\{(network|version|os|arch)\}/g, (whole, name: string) => words[name] ?? whole);
  if (!URL.canParse(url)) throw new Error(`the template makes no URL of it: ${url}`);
  return url;
}
