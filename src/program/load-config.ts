import path from 'node:path';
import type { Config } from '../config/config.ts';
import { invalidConfig } from '../config/issues.ts';
import type { FileEncoding } from '../config/resolve-references.ts';
import type { ServeArguments } from './command-line.ts';
import {
  type ConfigFileOptions,
  readConfigFile,
  readTextFile,
  worldReadableWarning,
} from './config-file.ts';
import { print } from './output.ts';
import type { WorkerConfig } from './worker-pool.ts';

/** A configuration, and what workers need to get the same one. */
export interface LoadedConfig {
  config: Config;
  order: WorkerConfig;
}

/** Loads the configuration file with its references; `undefined` if no file was named and `config.json` does not exist. */
export function loadConfig({ config: file, port }: ServeArguments): LoadedConfig | undefined {
  const texts: Record<string, string> = {};
  const readText = (fullPath: string, encoding?: FileEncoding) => {
    texts[fullPath] = readTextFile(fullPath, encoding);
    return texts[fullPath];
  };
  const onWorldReadable = (fullPath: string) => {
    // On Windows the mode of a file has no meaning.
    if (process.platform !== 'win32') print(worldReadableWarning(fullPath));
  };
  const config = parseConfigFile({ config: file, port }, { readText, onWorldReadable });
  return config && { config, order: { config: path.resolve(file ?? 'config.json'), port, texts } };
}

/** Parses the configuration as a worker: the files have the text that the primary read. */
export function loadWorkerConfig({ config, port, texts }: WorkerConfig): Config {
  const readText = (fullPath: string, encoding?: FileEncoding) =>
    texts[fullPath] ?? readTextFile(fullPath, encoding);
  return requireConfig(parseConfigFile({ config, port }, { readText }));
}

const parseConfigFile = (
  { config: file, port }: ServeArguments,
  options: Pick<ConfigFileOptions, 'readText' | 'onWorldReadable'>,
) =>
  readConfigFile({
    file,
    workingFolder: process.cwd(),
    // As the variable of the setting, so that everything derived from the port is derived from this one.
    env:
      port === undefined ? process.env : { ...process.env, B2C_SIGNIN_LISTEN_PORT: String(port) },
    ...options,
  });

/** @throws SignInError `config_invalid` without a configuration */
export function requireConfig<Loaded>(loaded: Loaded | undefined): Loaded {
  if (!loaded)
    throw invalidConfig([{ setting: 'config.json', path: [], problem: 'does not exist' }]);
  return loaded;
}
