import { closestMatch } from '../did-you-mean.ts';
import type { ConfigIssue } from '../errors.ts';
import { withValueAt } from './resolve-references.ts';
import { type SettingNode, settingsIn } from './setting-tree.ts';

const PREFIX = 'B2C_SIGNIN_';

/** The JSON type of each setting, by its dotted name; `policies.*` represents any name. */
export type SettingTypes = ReadonlyMap<string, string>;

export const settingTypes = (tree: SettingNode): SettingTypes =>
  new Map([...settingsIn(tree)].map(([name, { type = 'any' }]) => [name, type]));

/** The input with the settings of `B2C_SIGNIN_…` variables, which override those of the file. */
export interface Overridden {
  value: unknown;
  /** The variable that each setting comes from, by its dotted name. */
  variables: ReadonlyMap<string, string>;
  issues: ConfigIssue[];
}

export function applyEnvironment(
  input: unknown,
  tree: SettingNode,
  env: Readonly<Record<string, string | undefined>>,
): Overridden {
  const given = Object.entries(env).filter(([name]) => name.startsWith(PREFIX));
  const variables = new Map<string, string>();
  const issues: ConfigIssue[] = [];
  if (given.length === 0 || !isObject(input)) return { value: input, variables, issues };
  const types = settingTypes(tree);
  let value: unknown = input;
  for (const [variable, text = ''] of given) {
    const setting = findSetting(bareName(variable.slice(PREFIX.length)), types);
    if (setting) {
      value = withValueAt(value, setting.name.split('.'), parseText(text, setting.type));
      variables.set(setting.name, variable);
    } else issues.push(unknownVariable(variable, types));
  }
  return { value, variables, issues };
}

function unknownVariable(variable: string, types: SettingTypes): ConfigIssue {
  const known = [...types.keys()]
    .filter((name) => !name.includes('*'))
    .map((name) => variableName(name.split('.')));
  const match = closestMatch(variable, known);
  const fix = match && `Did you mean "${match}"?`;
  return { setting: variable, path: [], problem: 'unknown setting', fix };
}

/** The variable that sets a setting. */
export const variableName = (path: readonly PropertyKey[]): string =>
  PREFIX +
  path
    .map((part) => String(part).replace(/\B(?=[A-Z])/g, '_'))
    .join('_')
    .toUpperCase();

/** Whether a variable sets `setting` or something under it. */
export const isVariableOf = (variable: string, setting: string): boolean =>
  variable.startsWith(PREFIX) &&
  bareName(variable.slice(PREFIX.length)).startsWith(bareName(setting));

// B2C_SIGNIN_SESSION_IDLE_MINUTES and B2C_SIGNIN_SESSION_IDLEMINUTES both set session.idleMinutes.
const bareName = (name: string) => name.replace(/[._]/g, '').toLowerCase();

function findSetting(
  bare: string,
  types: SettingTypes,
): { name: string; type: string } | undefined {
  for (const [name, type] of types) if (bareName(name) === bare) return { name, type };
  for (const [name, type] of types) {
    const group = name.endsWith('.*') ? bareName(name.slice(0, -2)) : undefined;
    if (group && bare.startsWith(group) && bare.length > group.length) {
      return { name: name.replace('*', bare.slice(group.length)), type };
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

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
