import { existsSync } from 'node:fs';
import path from 'node:path';
import { hasInlineSecret } from '../../config/inline-secrets.ts';
import type { ConfigSources } from '../../config/resolve-references.ts';
import { SignInError } from '../../errors.ts';
import { isWorldReadable, openConfigFile } from '../../program/config-file.ts';
import { type Check, checksAbout } from '../check.ts';
import { type PartialConfig, parsePartialConfig } from '../partial-config.ts';

export interface FileOptions {
  file: string | undefined;
  workingFolder: string;
  env: ConfigSources['env'];
  /** The mode of a file says nothing on Windows. */
  hasFileModes: boolean;
}

/** The file and its settings. @returns what can be looked at further */
export function* configurationChecks(
  options: FileOptions,
): Generator<Check, PartialConfig | undefined> {
  const { ok, mend } = checksAbout();
  const sentences: string[] = [];
  const tell = (sentence: string) => sentences.push(sentence);
  const opened = open({ ...options, warn: tell });
  if (typeof opened === 'string') {
    yield mend('config.file', opened, {
      mend: opened.includes(' is not JSON')
        ? 'Mend the file: a comma or a quotation mark may be missing or one too many, and JSON has no comments.'
        : 'Copy config.example.json to config.json and fill it in, or name yours with --config FILE.',
    });
    return undefined;
  }
  const { fullPath, input, sources } = opened;
  yield ok('config.file', `${fullPath} is there and is JSON`);
  const salvaged = parsePartialConfig(input, sources);
  yield* settingChecks(salvaged);
  yield schemaCheck(input, path.dirname(fullPath));
  if (options.hasFileModes) {
    const open = sentences.map((sentence) => sentence.replace(/^Attention: | \(chmod.*$/g, ''));
    // Good enough for nothing but an experiment.
    if (hasInlineSecret(input) && isWorldReadable(fullPath)) {
      open.push(`everybody on this machine can read the secrets in ${fullPath}`);
    }
    yield* permissionChecks(open);
  }
  return salvaged;
}

function* permissionChecks(open: readonly string[]): Generator<Check> {
  const { ok, warn } = checksAbout();
  for (const sentence of new Set(open)) {
    yield warn('files.permissions', sentence, {
      mend: 'Let only the user that runs the server read it: chmod 600.',
    });
  }
  if (open.length > 0) return;
  yield ok('files.permissions', 'no file with a secret can be read by everybody');
}

function open(options: Parameters<typeof openConfigFile>[0]) {
  try {
    return openConfigFile(options) ?? `there is no config.json in ${options.workingFolder}`;
  } catch (error) {
    if (error instanceof SignInError) return error.message;
    throw error;
  }
}

function* settingChecks({ issues, config }: PartialConfig): Generator<Check> {
  for (const { setting, problem, fix } of issues) {
    yield checksAbout(setting).mend('config.settings', problem, {
      mend: fix ?? 'See the setting in docs/configuration.md.',
    });
  }
  if (issues.length === 0) yield checksAbout().ok('config.settings', 'there are no faults');
  else if (!config) {
    yield checksAbout().skipped('config.settings', 'nothing else can be looked at before that');
  }
}

function schemaCheck(input: unknown, folder: string): Check {
  const { ok, warn } = checksAbout();
  const schema = (input as { $schema?: unknown } | null)?.$schema;
  const hint =
    '"$schema": "./config.schema.json", and the file beside it, make editors complete it';
  if (typeof schema !== 'string') return ok('config.schema', `not used: ${hint}`);
  if (/^https?:/.test(schema) || existsSync(path.resolve(folder, schema))) {
    return ok('config.schema', '"$schema" names the description of the settings');
  }
  return warn('config.schema', `"$schema" names ${schema}, which is not there`, {
    mend: 'Copy config.schema.json from the package beside the configuration, or take the line out.',
  });
}
