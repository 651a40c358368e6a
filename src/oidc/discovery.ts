import * as openid from 'openid-client';
import type { TenantConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { type CachedDocument, createCachedDocument } from './cached-document.ts';
import { createClientAuthentication } from './client-authentication.ts';
import { createSigningKeys, type SigningKeys } from './keys.ts';
import { findMetadataErrors } from './metadata.ts';
import type { Policy } from './policy.ts';
import type { FetchFor } from './provider-call-log.ts';
import { asSignInError } from './provider-error.ts';
import type { Tenant } from './tenant-kind.ts';

/** A policy with its validated discovery document. */
export interface DiscoveredPolicy {
  tenant: Tenant;
  policy: Policy;
  configuration: openid.Configuration;
  /** A configuration for one token request. `inspect` gets a copy of the response before the library. */
  configurationWith(inspect: (response: Response) => Promise<void>): openid.Configuration;
  issuer: string;
  clientId: string;
  keys: SigningKeys;
  hasEndSession: boolean;
  /** Whether claims come from the UserInfo endpoint too. */
  hasUserInfo: boolean;
}

export interface Discovery {
  /** Its signing keys are loaded. @throws SignInError `provider_unreachable` or `metadata_refused` */
  get(policy: Policy): Promise<DiscoveredPolicy>;
  /** The keys of the policies whose metadata or signing keys are not loaded yet. */
  missing(): string[];
  /** Loads what is missing. Never throws: what fails is loaded again when it is needed. */
  preload(): Promise<void>;
}

type Parts = {
  config: Pick<TenantConfig, 'tenant' | 'client' | 'policies'>;
  tenant: Tenant;
  fetchFor: FetchFor;
  log: Log;
  /** A clock that never goes back, for the age of documents. */
  now: () => number;
  /** The clock for times in tokens. */
  wallClock: () => number;
};

/** The tolerated difference between the provider's clock and this one. */
export const CLOCK_TOLERANCE_SECONDS = 60;

const DAY_MS = 86_400_000;

/** Loads, validates and caches the discovery document of each policy, and reloads it daily. */
export function createDiscovery(parts: Parts): Discovery {
  const { config, tenant, log, now } = parts;
  const signingKeys = new Map<string, SigningKeys>();

  const load = async (policy: Policy): Promise<DiscoveredPolicy> => {
    try {
      const discovered = await discover(policy, parts);
      const metadata = discovered.configuration.serverMetadata();
      checkMetadata(metadata, policy, tenant);
      const keys = keysAt(String(metadata.jwks_uri));
      // Without a usable key no sign-in can succeed, so users must not be redirected to the provider. And a good
      // copy of the metadata is replaced only if the keys of the new one can be loaded.
      await keys.preload();
      const provider = {
        tenant,
        policy,
        ...discovered,
        issuer: metadata.issuer,
        clientId: config.client.id,
        keys,
        hasEndSession: metadata.end_session_endpoint !== undefined,
        hasUserInfo: tenant.usesUserInfo && metadata.userinfo_endpoint !== undefined,
      };
      log.info('metadata_loaded', { policy: policy.name, issuer: metadata.issuer });
      return provider;
    } catch (error) {
      const known = explainUnusable(asSignInError(error), policy);
      const event = known.code === 'metadata_refused' ? 'metadata_refused' : 'provider_unreachable';
      log.error(event, { policy: policy.name, code: known.code, detail: known.message });
      throw known;
    }
  };
  // A new discovery document with the same `jwks_uri` keeps the loaded keys.
  const keysAt = (jwksUri: string) => {
    const keys = signingKeys.get(jwksUri) ?? createSigningKeys(jwksUri, parts);
    signingKeys.set(jwksUri, keys);
    return keys;
  };
  const copies = new Map<string, CachedDocument<DiscoveredPolicy>>(
    config.policies.map((policy) => [
      policy.key,
      createCachedDocument({
        load: () => load(policy),
        maxAgeMs: DAY_MS,
        retryMs: 1_000,
        renewalMs: DAY_MS,
        now,
      }),
    ]),
  );

  return {
    async get(policy) {
      const copy = copies.get(policy.key);
      if (!copy) throw new SignInError('policy_not_configured', `no policy ${policy.key}`);
      return copy.get();
    },
    missing: () => [...copies].filter(([, copy]) => !copy.peek()).map(([key]) => key),
    async preload() {
      await Promise.allSettled([...copies.values()].map((copy) => copy.get()));
    },
  };
}

async function discover(
  policy: Policy,
  parts: Parts,
): Promise<Pick<DiscoveredPolicy, 'configuration' | 'configurationWith'>> {
  const { tenant, fetchFor } = parts;
  const { id, metadata, authentication, execute } = toLibraryClient(parts);
  // With a complete discovery URL the library does not check the issuer. B2C's issuer never matches the
  // URL, so checkMetadata() checks it instead.
  const url = tenant.discoveryUrl(policy);
  const configuration = await openid.discovery(url, id, metadata, authentication, {
    [openid.customFetch]: fetchFor('metadata'),
    execute,
  });
  const redeemCode = fetchFor('token');
  const fetchUserInfo = fetchFor('userinfo');
  const refresh = fetchFor('refresh');
  // The only POST requests are token requests; the only other ones go to the UserInfo endpoint.
  configuration[openid.customFetch] = (url, options) =>
    (options.method === 'POST' ? redeemCode : fetchUserInfo)(url, options);
  // `outbound` has a time limit. A second one here would only cost time.
  configuration.timeout = 0;
  return {
    configuration,
    configurationWith(inspect) {
      const server = configuration.serverMetadata();
      const inspected = new openid.Configuration(server, id, metadata, authentication);
      inspected[openid.customFetch] = async (url, options) => {
        const response = await refresh(url, options);
        await inspect(response.clone());
        return response;
      };
      inspected.timeout = 0;
      for (const change of execute) change(inspected);
      return inspected;
    },
  };
}

/** Returns the client as the library's functions expect it. */
function toLibraryClient({ config: { client, tenant }, ...parts }: Parts) {
  const { clientAssertion } = parts.tenant;
  return {
    id: client.id,
    metadata: {
      // Fixed here, so that the discovery document cannot add algorithms.
      id_token_signed_response_alg: 'RS256',
      [openid.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
    },
    authentication: createClientAuthentication(client, { clientAssertion, now: parts.wallClock }),
    // Only for a provider on loopback: the configuration rejects all others.
    execute: tenant.allowPlainHttp ? [openid.allowInsecureRequests] : [],
  };
}

/** Explains an unusable response: for an unknown policy, B2C responds with a page. */
function explainUnusable(error: SignInError, { name }: Policy): SignInError {
  if (error.code !== 'provider_response_invalid') return error;
  const message = `no usable metadata of ${name}: does the tenant have this policy? (${error.message})`;
  return new SignInError('metadata_refused', message, { cause: error });
}

function checkMetadata(metadata: openid.ServerMetadata, policy: Policy, tenant: Tenant): void {
  for (const { problem } of findMetadataErrors(metadata, { policy, tenant })) {
    throw new SignInError('metadata_refused', `the metadata of ${policy.name} ${problem}`);
  }
}
