import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { isVariableOf } from '../config/environment.ts';
import { convertForeignFormat } from '../config/import-formats.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { ConfigSources } from '../config/resolve-references.ts';
import { type ConfigIssue, SignInError } from '../errors.ts';

/** The valid part of a configuration. */
export interface PartialConfig {
  /** Valid, but with placeholders for `invalidSections`, which must not be checked. */
  config?: Config | undefined;
  issues: readonly ConfigIssue[];
  invalidSections: ReadonlySet<string>;
}

type Section = Record<string, unknown>;

/** Parses a configuration. If it is invalid, parses it again with placeholders for invalid sections. */
export function parsePartialConfig(input: unknown, sources: ConfigSources): PartialConfig {
  const first = parse(input, sources);
  if (first.config) return { ...first, invalidSections: new Set() };
  const { issues } = first;
  const invalidSections = new Set(
    issues.map(({ path }) => sectionOf(path)).filter((section) => section !== undefined),
  );
  const native = convertForeignFormat(input).value;
  if (!isSection(native)) return { issues, invalidSections };
  const unusable = (variable: string) =>
    issues.some(({ setting }) => setting === variable) ||
    [...invalidSections].some((section) => isVariableOf(variable, section));
  const env = Object.entries(sources.env).filter(([variable]) => !unusable(variable));
  const second = parse(withPlaceholders(native, invalidSections), {
    ...sources,
    env: Object.fromEntries(env),
  });
  return { config: second.config, issues, invalidSections };
}

function parse(
  input: unknown,
  sources: ConfigSources,
): { config?: Config; issues: readonly ConfigIssue[] } {
  try {
    return { config: parseConfig(input, sources), issues: [] };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return { issues: error.issues };
  }
}

/** The section of an invalid setting, which cannot be checked. The client's ID and secret count alone. */
function sectionOf([section, name]: readonly string[]): string | undefined {
  return section === 'client' && (name === 'secret' || name === 'id') ? `client.${name}` : section;
}

/** Values for the sections that a configuration must have. */
const PLACEHOLDERS: Record<string, () => Section> = {
  tenant: () => ({ authority: 'https://placeholder.invalid/placeholder.invalid' }),
  client: () => ({ id: randomUUID(), secret: randomUUID() }),
  policies: () => ({ signIn: 'B2C_1_placeholder' }),
  session: () => ({ secrets: [randomUUID()] }),
};

function withPlaceholders(input: Section, invalidSections: ReadonlySet<string>): Section {
  const result = { ...input };
  // Policies without their tenant, or the other way round, would be one more issue.
  const sections = invalidSections.has('tenant')
    ? new Set([...invalidSections, 'policies', 'errors'])
    : invalidSections;
  for (const part of sections) {
    const [section = '', name] = part.split('.');
    const placeholder = PLACEHOLDERS[section]?.();
    const current = result[section];
    if (name && isSection(current)) result[section] = { ...current, [name]: placeholder?.[name] };
    else if (placeholder) result[section] = placeholder;
    else delete result[section];
  }
  return result;
}

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
