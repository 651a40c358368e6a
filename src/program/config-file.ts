import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import { invalidConfig } from '../config/issues.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { ConfigSources, FileEncoding } from '../config/resolve-references.ts';
import type { SignInError } from '../errors.ts';

export interface ConfigFileOptions {
  /** The file that the command line names. Default: `config.json`. */
  file: string | undefined;
  workingFolder: string;
  env: ConfigSources['env'];
  /** Called with the full path of each file that contains a secret and is readable by all users. */
  onWorldReadable?: (fullPath: string) => void;
  /** Returns the content of a file by its full path. By default it is read from the disk. */
  readText?: (fullPath: string, encoding?: FileEncoding) => string;
}

/**
 * Reads the configuration of a file. Returns nothing if no file is named and `config.json` does not exist.
 * @throws SignInError `config_invalid`
 */
export function readConfigFile(options: ConfigFileOptions): Config | undefined {
  const opened = openConfigFile(options);
  return opened && parseConfig(opened.input, opened.sources);
}

/** Reads the file, and creates the sources for its references. @throws SignInError `config_invalid` */
export function openConfigFile(
  options: ConfigFileOptions,
): { fullPath: string; input: unknown; sources: ConfigSources } | undefined {
  const { file, workingFolder, ...sourceOptions } = options;
  const fullPath = path.resolve(workingFolder, file ?? 'config.json');
  if (file === undefined && !existsSync(fullPath)) return undefined;
  const sources = configSources(path.dirname(fullPath), sourceOptions);
  return { fullPath, input: readJsonFile(fullPath, options.readText), sources };
}

/** The sources of a configuration whose relative paths start at `folder`. */
export function configSources(
  folder: string,
  {
    env,
    onWorldReadable,
    readText = readTextFile,
  }: Omit<ConfigFileOptions, 'file' | 'workingFolder'>,
): ConfigSources {
  const resolvePath = (relative: string) => path.resolve(folder, relative);
  return {
    env,
    resolvePath,
    isFolder: (folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false,
    readFile(relative, { secret, encoding }) {
      const fullPath = resolvePath(relative);
      if (secret && isWorldReadable(fullPath)) onWorldReadable?.(fullPath);
      return readText(fullPath, encoding);
    },
  };
}

/** A warning for the operator. */
export const worldReadableWarning = (fullPath: string): string =>
  `warning: ${fullPath} contains a secret and is readable by all users. Run: chmod o= ${fullPath}`;

/** Advice if the configuration file does not exist. */
export const START_FROM_EXAMPLE =
  'Copy config.example.json to config.json and fill it in, or name your file: --config FILE.';

const OTHERS_READ = 0o004;

/** Whether a file is readable by all users. */
export function isWorldReadable(fullPath: string): boolean {
  return ((statSync(fullPath, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS_READ) !== 0;
}

/** @throws SignInError `config_invalid` */
export function readTextFile(fullPath: string, encoding: FileEncoding = 'utf8'): string {
  try {
    // Editors on Windows write a byte order mark.
    return readFileSync(fullPath, encoding).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalidFile(fullPath, {
      problem: code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`,
      fix: code === 'ENOENT' ? START_FROM_EXAMPLE : 'Check the permissions of the file.',
    });
  }
}

/** @throws SignInError `config_invalid` */
export function readJsonFile(fullPath: string, readText = readTextFile): unknown {
  const text = readText(fullPath);
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the error, which can be a secret. Only the line number is reported.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    const line = position && text.slice(0, Number(position)).split('\n').length;
    const lines = line ? ` (line ${line}, or the end of the line before it)` : '';
    throw text.trim() === ''
      ? invalidFile(fullPath, { problem: 'is empty', fix: START_FROM_EXAMPLE })
      : invalidFile(fullPath, {
          problem: `is not valid JSON${lines}`,
          fix: 'Check for a missing or extra comma or quotation mark. JSON has no comments.',
        });
  }
}

const invalidFile = (fullPath: string, issue: { problem: string; fix: string }): SignInError =>
  invalidConfig([{ setting: fullPath, path: [], ...issue }]);
