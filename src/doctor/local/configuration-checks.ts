import { existsSync } from 'node:fs';
import path from 'node:path';
import { hasInlineSecret } from '../../config/inline-secrets.ts';
import type { ConfigSources } from '../../config/resolve-references.ts';
import { type ConfigIssue, SignInError } from '../../errors.ts';
import { isWorldReadable, openConfigFile, START_FROM_EXAMPLE } from '../../program/config-file.ts';
import { type Check, createReporter } from '../check.ts';
import { type PartialConfig, parsePartialConfig } from '../partial-config.ts';

export interface FileOptions {
  file: string | undefined;
  workingFolder: string;
  env: ConfigSources['env'];
  /** False on Windows, where the mode of a file has no meaning. */
  hasFileModes: boolean;
}

/** Checks the file and its settings. @returns what the other checks can use */
export function* configurationChecks(
  options: FileOptions,
): Generator<Check, PartialConfig | undefined> {
  const { ok, fail } = createReporter();
  const worldReadable = new Set<string>();
  const onWorldReadable = (file: string) => worldReadable.add(file);
  const opened = open({ ...options, onWorldReadable });
  if ('problem' in opened) {
    yield fail('config.file', `${opened.setting} ${opened.problem}`, { fix: opened.fix ?? '' });
    return undefined;
  }
  const { fullPath, input, sources } = opened;
  yield ok('config.file', `${fullPath} exists and is valid JSON`);
  const partial = parsePartialConfig(input, sources);
  yield* settingChecks(partial);
  yield schemaCheck(input, path.dirname(fullPath));
  if (options.hasFileModes) {
    if (hasInlineSecret(input) && isWorldReadable(fullPath)) worldReadable.add(fullPath);
    yield* permissionChecks(worldReadable);
  }
  return partial;
}

function* permissionChecks(worldReadable: ReadonlySet<string>): Generator<Check> {
  const { ok, warn } = createReporter();
  for (const file of worldReadable) {
    yield warn('files.permissions', `${file} contains a secret and is readable by all users`, {
      fix: `Make it readable only by the user of the server: chmod 600 ${file}`,
    });
  }
  if (worldReadable.size > 0) return;
  yield ok('files.permissions', 'no file with a secret is readable by all users');
}

function open(options: Parameters<typeof openConfigFile>[0]) {
  try {
    return openConfigFile(options) ?? missingFile(options.workingFolder);
  } catch (error) {
    const issue = error instanceof SignInError && error.issues[0];
    if (issue) return issue;
    throw error;
  }
}

const missingFile = (folder: string): ConfigIssue => ({
  setting: path.join(folder, 'config.json'),
  path: [],
  problem: 'does not exist',
  fix: START_FROM_EXAMPLE,
});

function* settingChecks({ issues, config }: PartialConfig): Generator<Check> {
  for (const { setting, problem, fix } of issues) {
    yield createReporter(setting).fail('config.settings', problem, {
      fix: fix ?? 'See the setting in docs/configuration.md.',
    });
  }
  if (issues.length === 0) yield createReporter().ok('config.settings', 'all settings are valid');
  else if (!config) {
    const detail = 'no other check is possible before these settings are valid';
    yield createReporter().skipped('config.settings', detail);
  }
}

function schemaCheck(input: unknown, folder: string): Check {
  const { ok, warn } = createReporter();
  const schema = (input as { $schema?: unknown } | null)?.$schema;
  const hint =
    'with "$schema": "./config.schema.json" and that file next to it, editors complete settings';
  if (typeof schema !== 'string') return ok('config.schema', `not used: ${hint}`);
  if (/^https?:/.test(schema) || existsSync(path.resolve(folder, schema))) {
    return ok('config.schema', '"$schema" names a JSON Schema');
  }
  return warn('config.schema', `"$schema" names ${schema}, which does not exist`, {
    fix: 'Copy config.schema.json from the package to the folder of the configuration, or remove the line.',
  });
}
