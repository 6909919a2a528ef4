/** One frame of a node, as far as JSON-RPC 2.0 gives it a meaning for us. */
export type Frame =
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly code: number; readonly message: string }
  | { readonly kind: 'notice'; readonly subscription: string | number; readonly result: unknown };

/** Reads a frame; throws an Error with words for what is none of these. */
export function parseFrame(text: string): Frame {
  const frame: unknown = parseJson(text);
  if (!isObject(frame)) throw new Error('a frame that is no JSON-RPC object');
  if (isObject(frame['params'])) return notice(frame['params']);
  const id = frame['id'];
  if (typeof id !== 'number') throw new Error('a frame that answers no request of ours');
  if (frame['error'] !== undefined && frame['error'] !== null) return refusal(id, frame['error']);
  if (!('result' in frame)) throw new Error('an answer with neither result nor error');
  return { kind: 'answer', id, result: frame['result'] };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('a frame that is not JSON');
  }
}

function notice(params: Record<string, unknown>): Frame {
  const { subscription, result } = params;
  if (typeof subscription !== 'string' && typeof subscription !== 'number')
    throw new Error('a notification without a subscription');
  if (result === undefined) throw new Error('a notification without a result');
  return { kind: 'notice', subscription, result };
}

function refusal(id: number, error: unknown): Frame {
  const { code, message } = isObject(error) ? error : {};
  return {
    kind: 'refusal',
    id,
    code: typeof code === 'number' ? code : 0,
    message: typeof message === 'string' ? message : 'no words',
  };
}
