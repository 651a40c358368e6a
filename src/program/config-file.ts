import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { ConfigSources } from '../config/resolve-references.ts';
import { SignInError } from '../errors.ts';

export interface ConfigFileOptions {
  /** The path from the command line; default: `./config.json`. */
  file: string | undefined;
  workingFolder: string;
  env: ConfigSources['env'];
  /** Receives warnings. */
  warn?: (sentence: string) => void;
  /** Returns the text of a file by its full path; default: from the disk. */
  readText?: (fullPath: string) => string;
}

/**
 * Reads a configuration file. Returns `undefined` if no file was named and there is no `config.json`.
 * @throws SignInError `config_invalid`
 */
export function readConfigFile(options: ConfigFileOptions): Config | undefined {
  const opened = openConfigFile(options);
  return opened && parseConfig(opened.input, opened.sources);
}

/** Returns the parsed JSON of the file, and the sources of its references. @throws SignInError `config_invalid` */
export function openConfigFile(
  options: ConfigFileOptions,
): { fullPath: string; input: unknown; sources: ConfigSources } | undefined {
  const { file, workingFolder, ...sourceOptions } = options;
  const fullPath = path.resolve(workingFolder, file ?? 'config.json');
  if (file === undefined && !existsSync(fullPath)) return undefined;
  const sources = configSources(path.dirname(fullPath), sourceOptions);
  return { fullPath, input: readJsonFile(fullPath, sourceOptions.readText), sources };
}

/** The sources of a configuration whose relative paths start at `folder`. */
export function configSources(
  folder: string,
  { env, warn, readText = readTextFile }: Omit<ConfigFileOptions, 'file' | 'workingFolder'>,
): ConfigSources {
  const resolvePath = (relative: string) => path.resolve(folder, relative);
  return {
    env,
    resolvePath,
    isFolder: (folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false,
    readFile(relative, { secret }) {
      const fullPath = resolvePath(relative);
      if (secret && isWorldReadable(fullPath)) {
        warn?.(
          `Warning: all users of this machine can read the secret in ${fullPath}. Fix: chmod o= ${fullPath}`,
        );
      }
      return readText(fullPath);
    },
  };
}

const OTHERS_READ = 0o004;

/** Whether all users of this machine can read a file. */
export function isWorldReadable(fullPath: string): boolean {
  return ((statSync(fullPath, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS_READ) !== 0;
}

/** @throws SignInError `config_invalid` */
export function readTextFile(fullPath: string): string {
  try {
    // Editors on Windows add a byte order mark.
    return readFileSync(fullPath, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new SignInError('config_invalid', `${fullPath} ${problem}`);
  }
}

/** @throws SignInError `config_invalid` */
export function readJsonFile(fullPath: string, readText = readTextFile): unknown {
  const text = readText(fullPath);
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the error, which can be a secret: report only the line.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    const line = position && text.slice(0, Number(position)).split('\n').length;
    const problem = text.trim() === '' ? 'is empty' : 'is not JSON';
    const where = line ? ` (see line ${line} and the end of the line above)` : '';
    throw new SignInError('config_invalid', `${fullPath} ${problem}${where}`);
  }
}
