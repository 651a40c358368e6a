import { didYouMean } from '../../did-you-mean.ts';

/**
 * What a setting may be, said once: `check` finds everything that is wrong with a value, `schema` is
 * the same in the words of JSON Schema, for editors.
 */
export interface Shape {
  check(value: unknown, path: string): Fault[];
  schema: Record<string, unknown>;
}

export interface Fault {
  /** `policies[0].session.scope` */
  setting: string;
  sentence: string;
}

const fault = (setting: string, sentence: string): Fault[] => [{ setting, sentence }];

interface TextRules {
  pattern?: RegExp;
  /** What the pattern means, after "must be ". */
  meaning?: string;
  description?: string;
}

export function text({ pattern, meaning = 'text', description }: TextRules = {}): Shape {
  return {
    check(value, path) {
      const isFine = typeof value === 'string' && value !== '' && (pattern?.test(value) ?? true);
      return isFine ? [] : fault(path, `must be ${meaning}`);
    },
    schema: {
      type: 'string',
      minLength: 1,
      ...(pattern ? { pattern: pattern.source } : {}),
      ...described(description),
    },
  };
}

export function flag(description?: string): Shape {
  return {
    check: (value, path) =>
      typeof value === 'boolean' ? [] : fault(path, 'must be true or false'),
    schema: { type: 'boolean', ...described(description) },
  };
}

export function whole({ min, max }: { min: number; max: number }, description?: string): Shape {
  return {
    check: (value, path) =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max
        ? []
        : fault(path, `must be a whole number from ${min} to ${max}`),
    schema: { type: 'integer', minimum: min, maximum: max, ...described(description) },
  };
}

export function oneOf(values: readonly string[], description?: string): Shape {
  return {
    check: (value, path) =>
      values.includes(value as string) ? [] : fault(path, `must be one of ${values.join(', ')}`),
    schema: { enum: values, ...described(description) },
  };
}

export function list(item: Shape, description?: string): Shape {
  return {
    check: (value, path) =>
      Array.isArray(value)
        ? value.flatMap((one, index) => item.check(one, `${path}[${index}]`))
        : fault(path, 'must be a list'),
    schema: { type: 'array', items: item.schema, ...described(description) },
  };
}

/** An object of exactly these members. */
export function object(
  members: Record<string, Shape>,
  { required = [], description }: { required?: readonly string[]; description?: string } = {},
): Shape {
  return {
    check(value, path) {
      if (!isObject(value)) return fault(path || 'the configuration', 'must be an object');
      const nameOf = (name: string) => (path ? `${path}.${name}` : name);
      const missing = required.filter((name) => value[name] === undefined);
      const present = Object.entries(value).flatMap(([name, member]) => {
        const shape = Object.hasOwn(members, name) ? members[name] : undefined;
        if (!shape) {
          return fault(nameOf(name), `is no setting${didYouMean(name, Object.keys(members))}`);
        }
        return shape.check(member, nameOf(name));
      });
      return [...missing.flatMap((name) => fault(nameOf(name), 'is missing')), ...present];
    },
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(members).map(([name, shape]) => [name, shape.schema]),
      ),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
      ...described(description),
    },
  };
}

/** An object whose members may have any name and any value. */
export function record(description?: string): Shape {
  return {
    check: (value, path) => (isObject(value) ? [] : fault(path, 'must be an object')),
    schema: { type: 'object', ...described(description) },
  };
}

/** Text, or the other thing. */
export function textOr(first: Shape, other: Shape, description?: string): Shape {
  return {
    check: (value, path) => (typeof value === 'string' ? first : other).check(value, path),
    schema: { anyOf: [first.schema, other.schema], ...described(description) },
  };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const described = (description: string | undefined) => (description ? { description } : {});
