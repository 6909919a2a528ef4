/** Text of a length that a person may have written, without control characters. */
export const isPlainText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 2_048 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
