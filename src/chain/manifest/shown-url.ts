import { bareUrl } from '../../quiet-url.ts';

/** A URL for people and logs, without what may be secret in it: name, password, keys in the path, and what follows the path. */
export const shownUrl = (url: string): string => (URL.canParse(url) ? bareUrl(url) : 'a manifest without a URL');
