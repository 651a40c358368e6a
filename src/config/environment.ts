/** The JSON type of each setting, by its dotted name; `policies.*` stands for any name. */
export type SettingTypes = ReadonlyMap<string, string>;

interface JsonSchema {
  type?: unknown;
  oneOf?: unknown[];
  properties?: Record<string, unknown>;
  additionalProperties?: unknown;
}

/** Every setting that a JSON Schema describes. */
export function settingTypes(schema: object, above = ''): SettingTypes {
  const types = new Map<string, string>();
  const { properties = {}, additionalProperties, oneOf = [] } = schema as JsonSchema;
  // Kinds of one thing: whatever any of them has.
  for (const kind of oneOf) {
    for (const [path, type] of settingTypes(kind as object, above)) types.set(path, type);
  }
  for (const [name, value] of Object.entries(properties)) {
    const setting = value as JsonSchema;
    if (setting.properties || setting.oneOf) {
      for (const [path, type] of settingTypes(setting, `${above}${name}.`)) types.set(path, type);
    } else {
      types.set(`${above}${name}`, String(setting.type ?? 'any'));
    }
  }
  if (additionalProperties && above) types.set(`${above}*`, 'any');
  return types;
}

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
  types: SettingTypes,
): { value: unknown; faults: string[] } {
  const variables = Object.entries(env).filter(([name]) => name.startsWith(PREFIX));
  if (variables.length === 0 || !isObject(input)) return { value: input, faults: [] };
  const faults: string[] = [];
  const value = structuredClone(input);
  for (const [variable, text = ''] of variables) {
    const found = findSetting(bare(variable.slice(PREFIX.length)), types);
    if (found) assign(value, found.path.split('.'), parseText(text, found.type));
    else faults.push(`${variable}: no such setting`);
  }
  return { value, faults };
}

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
