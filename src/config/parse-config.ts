import { type Config, toConfig } from './config.ts';
import { configSchema, settingTree } from './config-schema.ts';
import { applyEnvironment } from './environment.ts';
import { convertForeignFormat } from './import-formats.ts';
import { invalidConfig } from './issues.ts';
import { sectionError, toConfigIssues, toPathIssues } from './report-issues.ts';
import { type ConfigSources, resolveReferences } from './resolve-references.ts';

/**
 * Parses a configuration: the native format, the Python sample's `aad.b2c.config.json`, or an
 * `appsettings.json` with an `AzureAdB2C` section. `B2C_SIGNIN_…` variables override each of them.
 * @throws SignInError `config_invalid` with all issues
 */
export function parseConfig(input: unknown, sources: ConfigSources): Config {
  const { value: native, originalNames, issues: foreign } = convertForeignFormat(input);
  const overridden = applyEnvironment(native, settingTree, sources.env);
  const { value, issues: unresolved } = resolveReferences(overridden.value, settingTree, sources);
  // Without compilation, which takes longer than to parse once.
  const parsed = configSchema.safeParse(value, { error: sectionError, jitless: true });
  const invalid = parsed.success
    ? []
    : toPathIssues(parsed.error.issues, { value, tree: settingTree });
  const { variables } = overridden;
  const issues = [
    ...foreign,
    ...overridden.issues,
    ...toConfigIssues([...unresolved, ...invalid], { originalNames, variables }),
  ];
  if (!parsed.success || issues.length > 0) throw invalidConfig(issues);
  return toConfig(parsed.data);
}
