import type { z } from 'zod';
import { closestMatch } from '../did-you-mean.ts';
import type { ConfigIssue } from '../errors.ts';
import { variableName } from './environment.ts';
import { type PathIssue, printable } from './issues.ts';
import { type SettingNode, settingNamesUnder } from './setting-tree.ts';

/** For parts of the schema without a message; the messages of Zod are not for operators. */
export const sectionError: z.core.$ZodErrorMap = ({ code, expected }) =>
  code === 'invalid_type' && expected === 'object'
    ? 'must be an object with the settings of this section'
    : undefined;

/** Translates issues of the schema. */
export function toPathIssues(
  issues: readonly z.core.$ZodIssue[],
  input: { value: unknown; tree: SettingNode },
  above: readonly PropertyKey[] = [],
): PathIssue[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      const known = settingNamesUnder(input.tree, path);
      return issue.keys.map((key) => unknownSetting([...path, key], closestMatch(key, known)));
    }
    if (issue.code === 'invalid_union') {
      const meant = findMeantAlternative(issue.errors);
      if (meant) return toPathIssues(meant, input, path);
    }
    if (issue.code === 'custom') {
      return { ...(issue.params as Partial<PathIssue>), path, problem: issue.message };
    }
    return valueAt(input.value, path) === undefined
      ? { path, problem: 'is missing', fix: `It ${issue.message}.`, isMissing: true }
      : { path, problem: issue.message };
  });
}

/**
 * The alternative of a union that the operator meant: all its settings are known and one of them is invalid, or
 * else it is the only one whose JSON type fits.
 */
function findMeantAlternative(
  alternatives: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const withKnownNames = alternatives.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 && code !== 'unrecognized_keys'),
  );
  if (withKnownNames) return withKnownNames;
  const ofFittingType = alternatives.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return ofFittingType.length === 1 ? ofFittingType[0] : undefined;
}

export const unknownSetting = (path: readonly PropertyKey[], match?: string): PathIssue => ({
  path,
  problem: 'unknown setting',
  fix: match && `Did you mean "${match}"?`,
});

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key],
    value,
  );

/** Where the settings come from, by their native names. */
export interface Origins {
  /** The names in a file of another format; none for the native format. */
  originalNames?: ReadonlyMap<string, string> | undefined;
  /** The environment variables that were used. */
  variables: ReadonlyMap<string, string>;
}

/** Gives each issue the name under which the operator finds the setting. */
export const toConfigIssues = (issues: readonly PathIssue[], origins: Origins): ConfigIssue[] =>
  issues.map(({ path, problem, fix, isMissing }) => {
    const names = path.map(String);
    const { originalNames } = origins;
    const setting =
      originalNames === undefined || names.length === 0
        ? nativeName(names)
        : (startOf(names, origins.variables) ?? startOf(names, originalNames));
    if (setting !== undefined) return { setting, path: names, problem, fix };
    // The file has no such setting, so only the environment can set it.
    const setVariable = 'Set this environment variable; this kind of file has no such setting.';
    return {
      setting: variableName(names),
      path: names,
      problem,
      fix: isMissing ? `${setVariable} ${fix}` : fix,
    };
  });

/** The other name of a setting, if a part at the beginning of its native name has one. */
function startOf(path: readonly string[], names: ReadonlyMap<string, string>): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const name = names.get(path.slice(0, length).join('.'));
    if (name !== undefined) return [name, ...path.slice(length).map(printable)].join('.');
  }
  return undefined;
}

const nativeName = (path: readonly string[]) =>
  path.map(printable).join('.') || 'the configuration';
