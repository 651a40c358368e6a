import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The values for `{Settings:…}` in one environment, by name in lower case. */
export interface AppSettings {
  readonly tenant: string | undefined;
  readonly values: ReadonlyMap<string, string>;
}

/** `appsettings.json` cannot be used. */
export class AppSettingsError extends Error {
  override name = 'AppSettingsError';
}

const FILE = 'appsettings.json';
export const PLACEHOLDER = /\{Settings:([^{}]+)\}/gi;

/**
 * Reads the environment from `appsettings.json` as the Azure AD B2C extension of VS Code does; without a
 * name it is the first one. `undefined` when the folder has no such file.
 */
export function readAppSettings(
  folder: string,
  environment: string | undefined,
): AppSettings | undefined {
  const environments = readEnvironments(path.join(folder, FILE));
  if (!environments) {
    if (environment === undefined) return undefined;
    throw new AppSettingsError(`there is no ${FILE} with environments in ${folder}`);
  }
  const wanted = environment?.toLowerCase();
  const found = environments.find(({ Name }) =>
    wanted === undefined ? true : String(Name).toLowerCase() === wanted,
  );
  if (!found) {
    const names = environments.map(({ Name }) => `"${Name}"`).join(', ');
    throw new AppSettingsError(
      `${FILE} has no environment "${environment ?? ''}"; it has ${names || 'none'}`,
    );
  }
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(found.PolicySettings ?? {})) {
    values.set(name.toLowerCase(), String(value));
  }
  values.set('environment', String(found.Name));
  if (found.Tenant !== undefined) values.set('tenant', String(found.Tenant));
  return { tenant: values.get('tenant'), values };
}

interface Environment {
  Name?: unknown;
  Tenant?: unknown;
  PolicySettings?: Record<string, unknown>;
}

/** Other programs have an `appsettings.json` too: one without environments says nothing here. */
function readEnvironments(file: string): Environment[] | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
  try {
    const { Environments } = JSON.parse(text) as { Environments?: unknown };
    return Array.isArray(Environments) ? (Environments as Environment[]) : undefined;
  } catch (error) {
    throw new AppSettingsError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** Puts the values of an environment in the place of `{Settings:…}`; an unknown name stays as it is. */
export function createSubstitution(
  settings: AppSettings | undefined,
  file: string,
): (value: string) => string {
  const fileName = path.basename(file).replace(/\.[^.]+$/, '');
  const names: Record<string, string> = {
    filename: fileName,
    policyfilename: fileName.replaceAll('B2C_1A_', ''),
  };
  return (value) => {
    if (!settings || !value.includes('{')) return value;
    return value.replace(PLACEHOLDER, (placeholder, name: string) => {
      const key = name.toLowerCase();
      return settings.values.get(key) ?? names[key] ?? placeholder;
    });
  };
}
