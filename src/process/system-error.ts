/** The code of an error of the operating system (`ENOENT`, …); an empty text for any other. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
