import type { ConfigIssue } from '../errors.ts';

/** An input in the native format, and where its settings come from. */
export interface NativeInput {
  value: unknown;
  /** By the native name, such as `client.secret`; none for a file in the native format. */
  originalNames?: ReadonlyMap<string, string>;
  /** Issues of the original file that its conversion would hide. */
  issues: readonly ConfigIssue[];
}

/** A setting: its native name, its value, and its name in the original file. */
export type ForeignSetting = readonly [name: string, value: unknown, originalName: string];

/** Builds the native input from the settings of a file of another format. */
export function toNativeInput(
  settings: readonly ForeignSetting[],
  issues: readonly ConfigIssue[] = [],
): NativeInput {
  // Present although empty, so that a missing setting is reported by its own name.
  const value: Record<string, unknown> = { tenant: {}, client: {}, policies: {}, session: {} };
  for (const [name, setting] of settings) {
    // The formats have null or an empty string for a setting without a value.
    if (setting === undefined || setting === null || setting === '') continue;
    const [section = '', inner] = name.split('.');
    value[section] = inner ? { ...(value[section] as Section), [inner]: setting } : setting;
  }
  const originalNames = new Map(settings.map(([name, , original]) => [name, original]));
  return { value, originalNames, issues };
}

export type Section = Record<string, unknown>;

export const isText = (value: unknown): value is string => typeof value === 'string';

export const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
