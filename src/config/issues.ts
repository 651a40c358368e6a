import { z } from 'zod';
import { type ConfigIssue, SignInError } from '../errors.ts';

/** An issue of the setting at a path of the native format. */
export interface PathIssue extends Pick<ConfigIssue, 'problem' | 'fix'> {
  path: readonly PropertyKey[];
  /** Whether the setting has no value. */
  isMissing?: boolean | undefined;
}

/** The entries under names that the operator chooses, of a value of any type. */
export const namedEntries = <T>(
  value: Record<string, T> | undefined,
): [name: string, entry: T][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

/** Whether a name can be a segment of a URL path. */
export const isValidName = (name: string): boolean => /^[a-z][a-z0-9_-]{0,63}$/i.test(name);
export const INVALID_NAME = 'the name must consist of letters, digits, "_" and "-"';

/** A name as one word in one line. */
export const printable = (name: string) =>
  /^[\u0021-\u007e]+$/.test(name) ? name : JSON.stringify(name);

/** For `superRefine`: adds the issues that no setting shows by itself. */
export const addIssues =
  <T>(findIssues: (settings: T) => Iterable<PathIssue>) =>
  (settings: T, context: z.RefinementCtx) => {
    for (const { path, problem, ...params } of findIssues(settings)) {
      context.addIssue({ code: 'custom', path: [...path], message: problem, params });
    }
  };

/**
 * For `superRefine`: runs although single settings are invalid, so that all issues are reported at
 * once. The settings may then be of any type.
 */
export const EVEN_IF_INVALID = {
  when: ({ value }: { value: unknown }) =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** For `transform`: reports a problem of the value. */
export function reject(context: z.RefinementCtx, problem: string): never {
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
}

/** One line for each issue. */
export const formatIssues = (issues: readonly ConfigIssue[]): string =>
  issues
    .map(({ setting, problem, fix }) => `${setting}: ${problem}${fix ? `. ${fix}` : ''}`)
    .join('\n');

export const invalidConfig = (issues: readonly ConfigIssue[]): SignInError =>
  new SignInError('config_invalid', formatIssues(issues), { issues });
