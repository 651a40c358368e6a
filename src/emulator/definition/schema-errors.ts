/** Turns the issues of Zod into faults that name the setting. */
import { z } from 'zod';
import { didYouMean } from '../../did-you-mean.ts';
import type { ConfigurationFault } from './configuration-fault.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Every fault of a value. Settings are named relative to the value. */
export function findFaults(schema: z.ZodType, value: unknown): ConfigurationFault[] {
  const { error } = schema.safeParse(value, { reportInput: true });
  return (error?.issues ?? []).flatMap((issue) => describe(schema, issue, issue.path));
}

function describe(schema: z.ZodType, issue: Issue, path: Path): ConfigurationFault[] {
  if (issue.code === 'invalid_union') {
    // The first alternative is a string. Its errors help only if the value is a string.
    const branch = issue.errors[typeof issue.input === 'string' ? 0 : 1] ?? [];
    return branch.flatMap((inner) => describe(schema, inner, [...path, ...inner.path]));
  }
  if (issue.code === 'unrecognized_keys') {
    const known = settingsAt(schema, path);
    return issue.keys.map((key) => ({
      setting: nameOf([...path, key]),
      problem: `is not a setting${didYouMean(key, known)}`,
    }));
  }
  return [{ setting: nameOf(path), problem: issue.message }];
}

/** The names that the object at `path` accepts. */
function settingsAt(schema: z.ZodType, path: Path): string[] {
  let current: unknown = withoutWrapper(schema);
  for (const key of path) {
    if (current instanceof z.ZodArray) current = withoutWrapper(current.element);
    else if (current instanceof z.ZodObject) current = withoutWrapper(current.shape[String(key)]);
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** The object, array or value inside `optional()`; of a union, the alternative that is an object. */
function withoutWrapper(schema: unknown): unknown {
  if (schema instanceof z.ZodExactOptional) return withoutWrapper(schema.unwrap());
  if (!(schema instanceof z.ZodUnion)) return schema;
  return schema.options.find((option) => option instanceof z.ZodObject);
}

/** `policies[0].session.scope` */
function nameOf(path: Path): string {
  const name = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('');
  return name.replace(/^\./, '') || 'the configuration';
}
