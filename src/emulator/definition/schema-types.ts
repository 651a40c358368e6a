/** The types of settings, with their error messages. */
import { z } from 'zod';

const ELEMENT_ID = /^[A-Za-z][\w-]*$/;

const problem = (text: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is missing' : text),
});

const described = <Schema extends z.ZodType>(schema: Schema, description?: string): Schema =>
  description === undefined ? schema : schema.describe(description);

export function string({
  pattern,
  meaning = 'text',
  description,
}: {
  pattern?: RegExp;
  /** The pattern in words, after "must be". */
  meaning?: string;
  description?: string;
} = {}) {
  const mustBe = problem(`must be ${meaning}`);
  const schema = z.string(mustBe).min(1, { ...mustBe, abort: true });
  return described(pattern ? schema.regex(pattern, mustBe) : schema, description);
}

export const boolean = (description?: string) =>
  described(z.boolean(problem('must be true or false')), description);

export function integer({ min, max }: { min: number; max: number }, description?: string) {
  const mustBe = { ...problem(`must be a whole number from ${min} to ${max}`), abort: true };
  return described(z.int(mustBe).min(min, mustBe).max(max, mustBe), description);
}

export const oneOf = <const Values extends readonly string[]>(
  values: Values,
  description?: string,
) => described(z.enum(values, problem(`must be one of ${values.join(', ')}`)), description);

export const list = <Item extends z.ZodType>(item: Item, description?: string) =>
  described(z.array(item, problem('must be a list')), description);

/** An object with exactly these members. */
export const object = <Shape extends z.ZodRawShape>(shape: Shape, description?: string) =>
  described(z.strictObject(shape, problem('must be an object')), description);

/** An object with any members. */
export const record = (description?: string) =>
  described(z.record(z.string(), z.unknown(), problem('must be an object')), description);

/** An object with members of one type. */
export const recordOf = <Value extends z.ZodType>(value: Value, description?: string) =>
  described(z.record(z.string(), value, problem('must be an object')), description);

export const optional = <Schema extends z.ZodType>(schema: Schema) => z.exactOptional(schema);

export const elementId = () => string({ pattern: ELEMENT_ID, meaning: 'an element ID' });
