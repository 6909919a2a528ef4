/** A URL for people and logs, without what may be secret in it: name, password, and what follows the path. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return 'a manifest without a URL';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
