import { z } from 'zod';

const mustBeObject = 'must be an object in braces';

/** An object that refuses keys it does not know; its message for those is the list of the ones it knows. */
export function record<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? known : mustBeObject) });
}

/** An object whose keys are names of the operator's own. */
export function named<Key extends z.ZodString, Value extends z.ZodType>(
  key: Key,
  value: Value,
): z.ZodRecord<Key, Value> {
  return z.record(key, value, { error: mustBeObject });
}

export function list<Item extends z.ZodType>(item: Item, error: string): z.ZodArray<Item> {
  return z.array(item, { error });
}
