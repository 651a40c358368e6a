import type { z } from 'zod';
import { type ReferenceKind, references } from './references.ts';

/**
 * The part of a JSON Schema that names settings. It is made without `z.toJSONSchema`, which takes
 * 40 ms, longer than all other steps of reading a configuration.
 */
export interface SettingNode {
  type?: string;
  reference?: ReferenceKind;
  properties?: Record<string, SettingNode>;
  additionalProperties?: SettingNode;
  items?: SettingNode;
  /** Alternatives that one setting selects, such as `session.store.kind`. */
  oneOf?: SettingNode[];
  /** The object that can be written instead of a simple value. Its members are part of one setting. */
  objectForm?: SettingNode;
}

export function toSettingTree(schema: z.core.$ZodType): SettingNode {
  const kind = references.get(schema)?.kind;
  if (kind === 'secret' || kind === 'text') return { reference: kind };
  if (kind) return { type: 'string', reference: kind };
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object': {
      const properties = Object.entries(def.shape).map(([name, inner]): [string, SettingNode] => [
        name,
        toSettingTree(inner),
      ]);
      const { catchall } = def;
      const others = catchall && catchall._zod.def.type !== 'never' && toSettingTree(catchall);
      return {
        type: 'object',
        properties: Object.fromEntries(properties),
        ...(others ? { additionalProperties: others } : {}),
      };
    }
    case 'record':
      return { type: 'object', additionalProperties: toSettingTree(def.valueType) };
    case 'array':
      return { type: 'array', items: toSettingTree(def.element) };
    case 'union':
      return 'discriminator' in def
        ? { oneOf: def.options.map(toSettingTree) }
        : findObjectForm(def.options.map(toSettingTree));
    case 'optional':
    case 'default':
    case 'prefault':
      return toSettingTree(def.innerType);
    case 'pipe':
      return toSettingTree(def.in);
    case 'enum':
    case 'literal':
      return { type: 'string' };
    default:
      return { type: def.type };
  }
}

function findObjectForm(options: SettingNode[]): SettingNode {
  const [objectForm, ...others] = options.filter(({ type }) => type === 'object');
  return objectForm && others.length === 0 ? { objectForm } : {};
}

/** A node of the tree, or of the JSON Schema with the same structure. */
interface Node<T> {
  properties?: Record<string, T>;
  additionalProperties?: false | T;
  oneOf?: T[];
}

/** Yields each setting by its dotted name; `policies.*` represents any name. */
export function* settingsIn<T extends Node<T>>(node: T, above = ''): Generator<[string, T]> {
  const { properties = {}, additionalProperties, oneOf = [] } = node;
  for (const alternative of oneOf) yield* settingsIn(alternative, above);
  for (const [name, setting] of Object.entries(properties)) {
    if (setting.properties || setting.oneOf) yield* settingsIn(setting, `${above}${name}.`);
    else yield [`${above}${name}`, setting];
  }
  if (additionalProperties && above) yield [`${above}*`, additionalProperties];
}

/** The names that are known under a path. */
export function settingNamesUnder(node: SettingNode, path: readonly PropertyKey[]): string[] {
  const { properties = {}, oneOf = [], objectForm } = node;
  const [name, ...rest] = path;
  const forms = objectForm ? [...oneOf, objectForm] : oneOf;
  const alternatives = forms.flatMap((form) => settingNamesUnder(form, path));
  if (name === undefined) return [...Object.keys(properties), ...alternatives];
  const next = childNode(node, name);
  return [...(next ? settingNamesUnder(next, rest) : []), ...alternatives];
}

/** The node of a member or an item. */
export function childNode(
  { properties = {}, additionalProperties, items }: SettingNode,
  name: PropertyKey,
): SettingNode | undefined {
  const property = Object.hasOwn(properties, name) ? properties[String(name)] : undefined;
  return property ?? additionalProperties ?? items;
}
