import { findExampleSecretIssues } from './example-secrets.ts';
import { findGateIssues } from './gate.ts';
import {
  addIssues,
  EVEN_IF_INVALID,
  INVALID_NAME,
  isValidName,
  namedEntries,
  type PathIssue,
} from './issues.ts';
import { findOperationsIssues } from './operations.ts';
import { findCallbackIssues } from './paths.ts';
import { findResponseModeIssues } from './response-mode.ts';
import { toSettingTree } from './setting-tree.ts';
import { type Settings, settings } from './settings.ts';
import { findTenantSettingIssues } from './tenant-settings.ts';

/** Parses a configuration whose references are resolved. */
export const configSchema = settings.superRefine(addIssues(findIssues), EVEN_IF_INVALID);

/** The names of all settings, and where references are. */
export const settingTree = toSettingTree(settings);

/** Finds the issues between settings. Each setting may be of any type. */
function* findIssues(config: Partial<Settings>): Generator<PathIssue> {
  yield* findTenantSettingIssues(config);
  yield* findOperationsIssues(config);
  yield* findExampleSecretIssues(config);
  yield* findGateIssues(config);
  yield* findResponseModeIssues(config);
  yield* findCallbackIssues(config);
  for (const [name, tenant] of namedEntries(config.tenants)) {
    const above = ['tenants', name];
    if (!isValidName(name)) yield { path: above, problem: INVALID_NAME };
    if (typeof tenant !== 'object' || tenant === null) continue;
    for (const issue of findTenantSettingIssues(tenant)) {
      yield { ...issue, path: [...above, ...issue.path] };
    }
  }
}
