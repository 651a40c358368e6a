import type { JsonSchema } from './environment.ts';

/** Whether a secret stands in a configuration as it is, rather than in a file of its own or the environment. */
export function holdsPlainSecret(value: unknown, schema: JsonSchema): boolean {
  if (schema.writeOnly) return typeof value === 'string';
  if (Array.isArray(value)) {
    const { items } = schema;
    return items !== undefined && value.some((item) => holdsPlainSecret(item, items));
  }
  if (typeof value !== 'object' || value === null) return false;
  const { properties = {}, additionalProperties, oneOf = [] } = schema;
  // Of several kinds, whatever any of them has: the kind itself may be misspelt.
  if (oneOf.some((kind) => holdsPlainSecret(value, kind))) return true;
  return Object.entries(value).some(([name, inner]) => {
    const setting = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    return setting ? holdsPlainSecret(inner, setting) : false;
  });
}
