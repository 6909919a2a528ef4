/**
 * What a FleetLock server answered. Its two kinds in use say "full" with 500 and with 423, so only 2xx means anything by its number:
 * it is a grant. Protocol: https://coreos.github.io/zincati/development/fleetlock/protocol/
 */
export type LockAnswer =
  | { readonly is: 'granted' }
  /** Full, a lost race, a server whose store is away: asked again. */
  | { readonly is: 'notNow'; readonly why: string }
  /** Asking again does not help: a group that it does not know, an address that is none of such a server. */
  | { readonly is: 'refused'; readonly why: string };

/** @param body as it came; both servers say JSON, one of them calls it text, and a proxy between says HTML */
export function answerOf(status: number, body: string): LockAnswer {
  if (status >= 200 && status < 300) return { is: 'granted' };
  const why = `${status}${said(body)}`;
  const isOurFault = status >= 300 && status < 500 && ![408, 423, 425, 429].includes(status);
  return isOurFault ? { is: 'refused', why } : { is: 'notNow', why };
}

/** `{"kind":"lock_held","value":"…"}`, else nothing: it is only for people. */
function said(body: string): string {
  try {
    const { value, kind } = JSON.parse(body) as { value?: unknown; kind?: unknown };
    const words = [value, kind].find((each) => typeof each === 'string' && each.trim() !== '');
    return words === undefined ? '' : `: ${oneLine(String(words))}`;
  } catch {
    return '';
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200);
