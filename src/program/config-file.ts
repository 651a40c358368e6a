import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { ConfigSources } from '../config/resolve-references.ts';
import { SignInError } from '../errors.ts';

export interface ConfigFileOptions {
  /** As given on the command line; `./config.json` is looked for otherwise. */
  file: string | undefined;
  workingFolder: string;
  env: ConfigSources['env'];
  /** Takes a sentence about what is no fault and should be looked at. */
  warn?: (sentence: string) => void;
  /** The text of a file by its full path; read from the disk unless somebody else knows it. */
  readText?: (fullPath: string) => string;
}

/**
 * The configuration of a file; `undefined` when none was named and there is no `config.json`.
 * @throws SignInError `config_invalid`
 */
export function readConfigFile(options: ConfigFileOptions): Config | undefined {
  const opened = openConfigFile(options);
  return opened && parseConfig(opened.input, opened.sources);
}

/** What stands in the file, and where its indirect values come from. @throws SignInError `config_invalid` */
export function openConfigFile(
  options: ConfigFileOptions,
): { fullPath: string; input: unknown; sources: ConfigSources } | undefined {
  const { file, workingFolder, ...around } = options;
  const fullPath = path.resolve(workingFolder, file ?? 'config.json');
  if (file === undefined && !existsSync(fullPath)) return undefined;
  const sources = configSources(path.dirname(fullPath), around);
  return { fullPath, input: readJsonFile(fullPath, around.readText), sources };
}

/** The sources of a configuration whose paths start at `folder`. */
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
          `Attention: everybody on this machine can read the secret in ${fullPath} (chmod o= helps).`,
        );
      }
      return readText(fullPath);
    },
  };
}

const OTHERS_READ = 0o004;

/** Whether every user of this machine can read a file. */
export function isWorldReadable(fullPath: string): boolean {
  return ((statSync(fullPath, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS_READ) !== 0;
}

/** @throws SignInError `config_invalid` */
export function readTextFile(fullPath: string): string {
  try {
    // Editors on Windows put a byte order mark in front.
    return readFileSync(fullPath, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new SignInError('config_invalid', `${fullPath} ${what}`);
  }
}

/** @throws SignInError `config_invalid` */
export function readJsonFile(fullPath: string, readText = readTextFile): unknown {
  const text = readText(fullPath);
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the fault, which can be a secret: only the place is told.
    const place = /at position (\d+)/.exec((error as Error).message)?.[1];
    const line = place && text.slice(0, Number(place)).split('\n').length;
    const what = text.trim() === '' ? 'is empty' : 'is not JSON';
    const where = line ? ` (look at line ${line}, and at the end of the one above)` : '';
    throw new SignInError('config_invalid', `${fullPath} ${what}${where}`);
  }
}
