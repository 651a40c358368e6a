import { createHttpServer } from '../http/server.ts';
import type { CustomPolicyOptions } from './custom-policies/options.ts';
import { createOutsideWorld } from './custom-policies/outside-world.ts';
import { watchPolicies } from './custom-policies/watch-policies.ts';
import type { AccountOptions } from './definition/account.ts';
import type { Application } from './definition/application.ts';
import { isLoopbackHostname } from './definition/loopback.ts';
import type { Policy } from './definition/policy.ts';
import { defineTenant, type TenantOptions } from './definition/tenant.ts';
import { buildAuthority, buildIssuer, type Tenant } from './definition/tenant-kinds.ts';
import {
  configuredApplications,
  createLocalTenant,
  type LocalTenant,
} from './endpoints/local-tenant.ts';
import { EMULATOR_HEADERS } from './endpoints/response-headers.ts';
import { createListener } from './listener.ts';
import { generateSigningKeys, type SigningKeys } from './state/signing-keys.ts';
import { restoreState, saveState } from './state/state-file.ts';
import { buildUserFlows, isUserFlow } from './user-flows/build-user-flow.ts';

export { generateSigningKeys } from './state/signing-keys.ts';

export interface EmulatorOptions extends TenantOptions {
  /** Listen address. Default: `127.0.0.1`. */
  host?: string;
  /** Prefix of issuers and endpoints, regardless of the requested host, for example behind a proxy. */
  publicUrl?: string;
  /** Default: 0, a free port. */
  port?: number;
  /** Serves HTTPS with this certificate. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Epoch milliseconds. */
  now?: () => number;
  /** From `generateSigningKeys()`. Saves time if many emulators are started. */
  keys?: SigningKeys;
  /** Sent instead of random six-digit codes, for scripts that cannot read the mailbox. */
  verificationCode?: string;
  /** Keeps accounts, keys, sessions and refresh tokens across restarts. */
  stateFile?: string;
  /** Policies in TrustFramework XML, beside or instead of `policies`. */
  customPolicies?: CustomPolicyOptions;
  /** Allows listening on other addresses than loopback. Any client can then sign in as any user. */
  allowOtherHosts?: boolean;
}

export interface Emulator {
  /** Without a trailing slash. */
  url: string;
  /** Issuer of policies with the default issuer. */
  issuer: string;
  /** Host and tenant, without the policy. External ID: the host only. */
  authority: string;
  tenant: Tenant;
  policies: readonly Policy[];
  /** Names of those that come from XML. */
  customPolicies: readonly string[];
  applications: readonly Application[];
  accounts: readonly AccountOptions[];
  /** Ends running requests, including hanging ones, and frees the port. */
  close(): Promise<void>;
}

/** Starts an emulator, with the pages, peculiarities and errors of Azure AD B2C. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', port = 0, tls, now = Date.now } = options;
  if (!isLoopbackHostname(host) && !options.allowOtherHosts) {
    throw new Error(
      `${host} is reachable from other computers. To allow it, add --i-know-this-is-not-for-production`,
    );
  }
  const definition = defineTenant(options);
  const tenant = createLocalTenant({
    definition,
    keys: options.keys ?? (await generateSigningKeys(now())),
    now,
    fixedVerificationCode: options.verificationCode,
    publicUrl: options.publicUrl,
    allowOtherHosts: options.allowOtherHosts ?? false,
    outside: createOutsideWorld(options.customPolicies ?? {}),
  });
  const stopWatching = await servePolicies(tenant, options.customPolicies);
  if (options.stateFile) await restoreState(options.stateFile, tenant.definition, tenant);
  const server = createHttpServer({
    ...{ listener: createListener(tenant), headers: EMULATOR_HEADERS, tls },
    // Higher than the limit of each endpoint, so that the endpoint sends its own error.
    limits: { maxBodyBytes: 1024 * 1024 },
  });
  const address = await server.listen(port, host);
  if (!tenant.hasPublicUrl) tenant.url = buildUrl(host, address.port, tls !== undefined);
  const stopSaving = saveRegularly(tenant, options.stateFile);
  return {
    ...describeTenant(tenant),
    async close() {
      stopWatching();
      tenant.live.close();
      await server.stop(100);
      await stopSaving();
    },
  };
}

/** A policy from XML takes the place of a setting with its name. */
async function servePolicies(
  tenant: LocalTenant,
  options: CustomPolicyOptions | undefined,
): Promise<() => void> {
  if (!options) return () => {};
  const { definition } = tenant;
  return watchPolicies(options, (update) => {
    const { policies, errors, kept } = update;
    const names = new Set(policies.map(({ settings }) => settings.name.toLowerCase()));
    const others = definition.policies.filter(({ name }) => !names.has(name.toLowerCase()));
    tenant.definition = {
      ...definition,
      policies: [...others, ...policies.map(({ settings }) => settings)],
    };
    tenant.models = new Map([
      ...buildUserFlows(definition),
      ...policies.map(({ settings, model }) => [settings.name.toLowerCase(), model] as const),
    ]);
    tenant.policyErrors = update.problem === undefined ? errors : [describeProblem(update.problem)];
    tenant.keptPolicies = kept;
    tenant.live.notify();
    options.onUpdate?.(update);
  });
}

/** A problem of no single line. */
const describeProblem = (message: string) => ({ file: '', line: 0, column: 0, message });

function describeTenant(localTenant: LocalTenant): Omit<Emulator, 'close'> {
  const { url, definition, models } = localTenant;
  const { tenant } = definition;
  return {
    url,
    issuer: buildIssuer(url, tenant, { issuer: 'tenant', name: '' }),
    authority: buildAuthority(url, tenant),
    customPolicies: [...models.values()].filter((model) => !isUserFlow(model)).map(({ id }) => id),
    ...definition,
    applications: configuredApplications(localTenant),
  };
}

/** With HTTPS, by host name: certificates and redirect URIs usually contain the name. */
function buildUrl(host: string, port: number, isHttps: boolean): string {
  const isAnyAddress = host === '0.0.0.0' || host === '::';
  const name = isAnyAddress || (isHttps && host === '127.0.0.1') ? 'localhost' : host;
  return `${isHttps ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

const SAVE_INTERVAL_MS = 5_000;

/** Saves the state at intervals, and once more when the returned function is called. */
function saveRegularly(tenant: LocalTenant, file: string | undefined): () => Promise<void> {
  if (!file) return async () => {};
  const { id } = tenant.definition.tenant;
  let saving = Promise.resolve();
  const save = () => {
    // One write at a time. A failed write, for example to a full disk, does not stop the emulator.
    saving = saving.catch(() => {}).then(() => saveState(file, id, tenant));
    return saving;
  };
  const timer = setInterval(() => save().catch(() => {}), SAVE_INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await save();
  };
}
