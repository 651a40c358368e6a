import type { LocalPath } from '../http/local-path.ts';
import { buildPaths, type Paths } from './paths.ts';
import type { ResponseMode } from './response-mode.ts';
import type { Settings } from './settings.ts';
import { type TenantConfig, toTenantConfig } from './tenant-config.ts';

type Derived = '$schema' | 'baseUrl' | 'routes' | 'tenants' | keyof TenantConfig;

/** A valid configuration: defaults are filled in, secrets are read, routes have their paths. */
export interface Config extends Omit<Settings, Derived> {
  baseUrl: URL;
  responseMode: ResponseMode;
  /** All tenants. The first one, whose name is empty, is at the top level of the file. */
  tenants: readonly [TenantConfig, ...TenantConfig[]];
  routes: { prefix: string; callback: LocalPath };
  paths: Paths;
}

/** Adds everything that follows from valid settings. */
export function toConfig({
  $schema: _,
  baseUrl,
  routes: { prefix, callback },
  tenant,
  client,
  policies,
  errors,
  claimTypes,
  scopes,
  responseMode,
  tenants: additional,
  ...others
}: Settings): Config {
  const topLevel = { tenant, client, policies, errors, claimTypes, scopes };
  const place = { prefix, responseMode };
  const first = toTenantConfig(topLevel, { name: '', ...place, callback });
  const tenants: Config['tenants'] = [
    first,
    ...Object.entries(additional).map(([name, { label, ...settings }]) =>
      toTenantConfig(settings, { name, label, ...place }),
    ),
  ];
  const { port, tls } = others.listen;
  return {
    ...others,
    responseMode,
    baseUrl: baseUrl ?? new URL(`http${tls ? 's' : ''}://localhost:${port}`),
    tenants,
    routes: { prefix, callback: first.callbackPath },
    paths: buildPaths(prefix, tenants),
  };
}
