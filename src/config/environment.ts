import { didYouMean } from '../near-word.ts';

/** The JSON type of each setting, by its dotted name; `policies.*` stands for any name. */
export type SettingTypes = ReadonlyMap<string, string>;

/** What is asked of a JSON Schema here. */
export interface JsonSchema {
  type?: string;
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: false | JsonSchema;
  items?: JsonSchema;
  writeOnly?: boolean;
}

/** Every setting that a JSON Schema describes, with what the schema says of it. */
export function* settingsOf(schema: JsonSchema, above = ''): Generator<[string, JsonSchema]> {
  const { properties = {}, additionalProperties, oneOf = [] } = schema;
  // Kinds of one thing: whatever any of them has.
  for (const kind of oneOf) yield* settingsOf(kind, above);
  for (const [name, setting] of Object.entries(properties)) {
    if (setting.properties || setting.oneOf) yield* settingsOf(setting, `${above}${name}.`);
    else yield [`${above}${name}`, setting];
  }
  if (additionalProperties && above) yield [`${above}*`, additionalProperties];
}

/** The names that it knows below a path. */
export function namesBelow(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  const { properties = {}, additionalProperties, items, oneOf = [] } = schema;
  const [name, ...rest] = path;
  const ofKinds = oneOf.flatMap((kind) => namesBelow(kind, path));
  if (name === undefined) return [...Object.keys(properties), ...ofKinds];
  const inner = Object.hasOwn(properties, name) ? properties[String(name)] : undefined;
  const next = inner ?? (additionalProperties || items);
  return [...(next ? namesBelow(next, rest) : []), ...ofKinds];
}

export const settingTypes = (schema: JsonSchema): SettingTypes =>
  new Map([...settingsOf(schema)].map(([path, { type = 'any' }]) => [path, type]));

const PREFIX = 'B2C_SIGNIN_';

// B2C_SIGNIN_SESSION_IDLE_MINUTES and B2C_SIGNIN_SESSION_IDLEMINUTES are both session.idleMinutes.
const bare = (name: string) => name.replace(/[._]/g, '').toLowerCase();

/**
 * `input` with the settings that `B2C_SIGNIN_…` variables give; a variable that names no setting is
 * a fault.
 */
export function overriddenBy(
  env: Readonly<Record<string, string | undefined>>,
  input: unknown,
  // To find out takes longer than all the rest, and mostly there is no such variable.
  typesOfSettings: () => SettingTypes,
): { value: unknown; faults: string[] } {
  const variables = Object.entries(env).filter(([name]) => name.startsWith(PREFIX));
  if (variables.length === 0 || !isObject(input)) return { value: input, faults: [] };
  const types = typesOfSettings();
  const faults: string[] = [];
  const value = structuredClone(input);
  for (const [variable, text = ''] of variables) {
    const found = findSetting(bare(variable.slice(PREFIX.length)), types);
    if (found) assign(value, found.path.split('.'), parseText(text, found.type));
    else faults.push(`${variable}: no such setting${didYouMean(variable, variablesOf(types))}`);
  }
  return { value, faults };
}

/** The variables of the settings whose names are not the operator's own. */
const variablesOf = (types: SettingTypes) =>
  [...types.keys()]
    .filter((path) => !path.includes('*'))
    .map((path) => PREFIX + path.replace(/\.|\B(?=[A-Z])/g, '_').toUpperCase());

function findSetting(
  name: string,
  types: SettingTypes,
): { path: string; type: string } | undefined {
  for (const [path, type] of types) if (bare(path) === name) return { path, type };
  for (const [path, type] of types) {
    const group = path.endsWith('.*') ? bare(path.slice(0, -2)) : undefined;
    if (group && name.startsWith(group) && name.length > group.length) {
      return { path: path.replace('*', name.slice(group.length)), type };
    }
  }
  return undefined;
}

function parseText(text: string, type: string): unknown {
  if (type === 'string') return text;
  const value = type === 'any' && !/^[[{]/.test(text) ? text : parseJson(text);
  return type === 'array' && !Array.isArray(value) ? [text] : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function assign(target: Record<string, unknown>, path: string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  if (!isObject(inner)) target[name] = {};
  assign(target[name] as Record<string, unknown>, rest, value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
