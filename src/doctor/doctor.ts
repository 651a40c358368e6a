import type { Config } from '../config/config.ts';
import type { TenantConfig } from '../config/tenant-config.ts';
import { isOldNode } from '../program/node-version.ts';
import { type Check, checksAbout } from './check.ts';
import { createProbe } from './probe.ts';
import type { ReturnAddresses } from './registration/registration-checks.ts';
import { configurationChecks, type FileOptions } from './site/configuration-checks.ts';
import { gateChecks } from './site/gate-checks.ts';
import { serverCheck } from './site/server-check.ts';
import { siteChecks } from './site/site-checks.ts';
import { storeChecks } from './site/store-checks.ts';
import { templateCheck } from './site/template-checks.ts';
import { weakSecretChecks } from './site/weak-secret-checks.ts';
import { claimsOf } from './tenant/gate-claims-check.ts';
import { openTenantCase, type Surroundings } from './tenant/tenant-case.ts';
import { type Ours, tenantChecks } from './tenant/tenant-checks.ts';

export interface Examination extends FileOptions {
  nodeVersion: string;
  /** What `package.json` asks for: `>=20.19`. */
  engines: string;
  timeoutMs?: number;
  now?: () => number;
  /** Hears what is looked at now. */
  progress?: (what: string) => void;
}

// Somebody waits in front of it; what takes longer than this does not work well either.
const TIMEOUT_MS = 8_000;

/** Looks at a configuration and at all that it depends on, check by check. Changes nothing. */
export async function* examine({
  progress = () => {},
  timeoutMs = TIMEOUT_MS,
  now = Date.now,
  ...options
}: Examination): AsyncGenerator<Check> {
  yield nodeCheck(options);
  progress('the configuration');
  const salvaged = yield* configurationChecks(options);
  if (!salvaged?.config) return;
  const { config, invalidSections: lost } = salvaged;
  const isGiven = (...sections: string[]) => !sections.some((section) => lost.has(section));
  const hasAddress = isGiven('baseUrl', 'listen');
  if (hasAddress) yield* siteChecks(config, now());
  if (isGiven('session', 'client', 'client.secret', 'tenants')) yield* weakSecretChecks(config);
  if (isGiven('templates')) yield templateCheck(config.templates);
  if (hasAddress && isGiven('gate', 'trustedProxies')) yield* gateChecks(config);
  const hasProxy = Object.keys(options.env).some((name) => /^https?_proxy$/i.test(name));
  const surroundings = { timeoutMs, now, hasProxy };
  for (const tenant of config.tenants) {
    const { name } = tenant;
    progress(name ? `the tenant ${name}` : 'the tenant');
    if (name === '' && !isGiven('tenant', 'policies')) continue;
    const addresses = hasAddress && isGiven('routes') ? addressesOf(config, tenant) : undefined;
    const ownLost = name === '' ? lost : new Set<string>();
    const claims = claimsOf(config.gate);
    yield* oneTenant(tenant, { addresses, lost: ownLost, claims, surroundings });
  }
  progress('the session store');
  if (isGiven('session')) yield* storeChecks(config.session);
  if (!hasAddress || !isGiven('routes', 'gate')) return;
  progress('the public address');
  const probe = createProbe({ timeoutMs, now });
  yield await serverCheck(config, probe).finally(() => probe.close());
}

async function* oneTenant(
  tenant: TenantConfig,
  { surroundings, ...ours }: { surroundings: Surroundings } & Ours,
): AsyncGenerator<Check> {
  const given = openTenantCase(tenant, surroundings);
  try {
    yield* tenantChecks(given, ours);
  } finally {
    await given.close();
  }
}

function addressesOf({ baseUrl, paths }: Config, { callbackPath }: TenantConfig): ReturnAddresses {
  const addressOf = (path: string) => new URL(path, baseUrl).href;
  return {
    redirectUri: addressOf(callbackPath),
    postSignOutUri: addressOf(paths.postSignOut),
  };
}

function nodeCheck({ nodeVersion, engines }: Pick<Examination, 'nodeVersion' | 'engines'>): Check {
  const { ok, mend } = checksAbout();
  return isOldNode(nodeVersion, engines)
    ? mend('node.version', `${nodeVersion} is too old`, { mend: `Install Node ${engines}.` })
    : ok('node.version', nodeVersion);
}
