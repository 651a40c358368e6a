import type { Config } from '../config/config.ts';
import type { TenantConfig } from '../config/tenant-config.ts';
import { isOldNode } from '../program/node-version.ts';
import { type Check, createReporter } from './check.ts';
import { claimTypeChecks } from './local/claim-type-checks.ts';
import { clientCertificateCheck } from './local/client-certificate-check.ts';
import { configurationChecks, type FileOptions } from './local/configuration-checks.ts';
import { gateChecks } from './local/gate-checks.ts';
import { gateRouteChecks } from './local/gate-route-checks.ts';
import { listenChecks } from './local/listen-checks.ts';
import { serverCheck } from './local/server-check.ts';
import { stepUpChecks } from './local/step-up-checks.ts';
import { storeChecks } from './local/store-checks.ts';
import { templateCheck } from './local/template-checks.ts';
import { weakSecretChecks } from './local/weak-secret-checks.ts';
import { createProbe } from './probe.ts';
import type { RegisteredUrls } from './registration/registration-checks.ts';
import { claimsOf } from './tenant/claims-checks.ts';
import { type ApplicationSettings, tenantChecks } from './tenant/tenant-checks.ts';
import { type Environment, openTenantContext } from './tenant/tenant-context.ts';

export interface DoctorInput extends FileOptions {
  nodeVersion: string;
  /** The supported versions, from `package.json`: `>=20.19`. */
  engines: string;
  timeoutMs?: number;
  now?: () => number;
  /** Called with the subject of the next checks. */
  progress?: (subject: string) => void;
}

// The operator is waiting, and a server this slow would be a problem in production, too.
const TIMEOUT_MS = 8_000;

/** Checks a configuration and everything that it depends on. Changes nothing. */
export async function* runChecks({
  progress = () => {},
  timeoutMs = TIMEOUT_MS,
  now = Date.now,
  ...options
}: DoctorInput): AsyncGenerator<Check> {
  yield nodeCheck(options);
  progress('the configuration');
  const partial = yield* configurationChecks(options);
  if (!partial?.config) return;
  const { config, invalidSections } = partial;
  const isValid = (...sections: string[]) =>
    !sections.some((section) => invalidSections.has(section));
  const hasBaseUrl = isValid('baseUrl', 'listen');
  if (hasBaseUrl) yield* listenChecks(config, now());
  if (isValid('session', 'client', 'client.secret', 'tenants')) yield* weakSecretChecks(config);
  if (isValid('templates', 'site')) yield templateCheck(config);
  if (hasBaseUrl && isValid('gate', 'trustedProxies')) yield* gateChecks(config);
  if (isValid('gate', 'policies', 'scopes', 'tenants')) yield* stepUpChecks(config);
  if (isValid('gate', 'claimTypes', 'tenants')) yield* claimTypeChecks(config);
  const hasProxy = Object.keys(options.env).some((name) => /^https?_proxy$/i.test(name));
  const environment = { timeoutMs, now, hasProxy };
  for (const tenant of config.tenants) {
    const { name } = tenant;
    progress(name ? `the tenant ${name}` : 'the tenant');
    if (name === '' && !isValid('tenant', 'policies')) continue;
    if (name !== '' || isValid('client')) yield* clientCertificateCheck(tenant, now());
    yield* checkTenant(tenant, environment, {
      urls: hasBaseUrl && isValid('routes') ? registeredUrls(config, tenant) : undefined,
      invalidSections: name === '' ? invalidSections : new Set(),
      claims: claimsOf(config),
    });
  }
  progress('the session store');
  if (isValid('session')) yield* storeChecks(config.session);
  if (!hasBaseUrl || !isValid('routes', 'gate')) return;
  progress('the server at baseUrl');
  const probe = createProbe({ timeoutMs, now });
  try {
    const check = await serverCheck(config, probe);
    yield check;
    if (check.status === 'ok') yield* gateRouteChecks(config, probe);
  } finally {
    await probe.close();
  }
}

async function* checkTenant(
  tenant: TenantConfig,
  environment: Environment,
  application: ApplicationSettings,
): AsyncGenerator<Check> {
  const context = openTenantContext(tenant, environment);
  try {
    yield* tenantChecks(context, application);
  } finally {
    await context.close();
  }
}

function registeredUrls(
  { baseUrl, paths }: Config,
  { callbackPath }: TenantConfig,
): RegisteredUrls {
  const toUrl = (path: string) => new URL(path, baseUrl).href;
  return { redirectUri: toUrl(callbackPath), postSignOutUri: toUrl(paths.postSignOut) };
}

function nodeCheck({ nodeVersion, engines }: Pick<DoctorInput, 'nodeVersion' | 'engines'>): Check {
  const { ok, fail } = createReporter();
  return isOldNode(nodeVersion, engines)
    ? fail('node.version', `${nodeVersion} is too old`, { fix: `Install Node ${engines}.` })
    : ok('node.version', nodeVersion);
}
