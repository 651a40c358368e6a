import * as openid from 'openid-client';
import type { TenantConfig } from '../config/tenant-config.ts';
import { SignInError } from '../errors.ts';
import type { Log } from '../log/log.ts';
import { type CachedDocument, createCachedDocument } from './cached-document.ts';
import { createSigningKeys, type SigningKeys } from './keys.ts';
import { metadataFaults } from './metadata.ts';
import type { Policy } from './policy.ts';
import type { FetchFor } from './provider-call-log.ts';
import { asSignInError } from './provider-error.ts';
import type { Tenant } from './tenant-kind.ts';

/** One policy of the tenant as its checked metadata describes it. */
export interface DiscoveredPolicy {
  tenant: Tenant;
  policy: Policy;
  configuration: openid.Configuration;
  /** The same for one exchange, whose answer somebody wants to look at first. */
  configurationWith(look: (response: Response) => Promise<void>): openid.Configuration;
  issuer: string;
  clientId: string;
  keys: SigningKeys;
  hasEndSession: boolean;
  /** Whether it is to be asked. */
  hasUserInfo: boolean;
}

export interface Discovery {
  /** @throws SignInError `provider_unreachable` or `metadata_refused` */
  get(policy: Policy): Promise<DiscoveredPolicy>;
  /** The keys of the policies whose metadata and signing keys are not at hand yet. */
  missing(): string[];
  /** Loads all that is missing; what fails stays missing and is tried again when needed. */
  preload(): Promise<void>;
}

type Parts = {
  config: Pick<TenantConfig, 'tenant' | 'client' | 'policies'>;
  tenant: Tenant;
  fetchFor: FetchFor;
  log: Log;
  now: () => number;
};

/** Clocks may differ by this much, in both directions. */
export const CLOCK_TOLERANCE_SECONDS = 60;

const DAY_MS = 86_400_000;

/** The metadata of each policy: fetched when first needed, checked, kept, looked at again daily. */
export function createDiscovery(parts: Parts): Discovery {
  const { config, tenant, log, now } = parts;
  const signingKeys = new Map<string, SigningKeys>();

  const load = async (policy: Policy): Promise<DiscoveredPolicy> => {
    try {
      const discovered = await discover(policy, parts);
      const metadata = discovered.configuration.serverMetadata();
      checkMetadata(metadata, policy, tenant);
      const keys = keysAt(String(metadata.jwks_uri));
      // In the place of a good copy comes only one whose keys can be had.
      if (copies.get(policy.key)?.peek()) await keys.preload();
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
      const known = explained(asSignInError(error), policy);
      const event = known.code === 'metadata_refused' ? 'metadata_refused' : 'provider_unreachable';
      log.error(event, { policy: policy.name, code: known.code, detail: known.message });
      throw known;
    }
  };
  // The same keys go on through a re-discovery that names the same address.
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
    missing: () =>
      [...copies].filter(([, copy]) => !copy.peek()?.keys.loaded()).map(([key]) => key),
    async preload() {
      await Promise.allSettled(
        [...copies.values()].map(async (copy) => (await copy.get()).keys.preload()),
      );
    },
  };
}

async function discover(
  policy: Policy,
  parts: Parts,
): Promise<Pick<DiscoveredPolicy, 'configuration' | 'configurationWith'>> {
  const { config, tenant, fetchFor } = parts;
  const { id, metadata, authentication, execute } = clientOf(config);
  // Given the whole well-known address the library compares no issuer; B2C's never equals the
  // address, so the comparison is made in checkMetadata instead.
  const address = tenant.discoveryUrl(policy);
  const configuration = await openid.discovery(address, id, metadata, authentication, {
    [openid.customFetch]: fetchFor('metadata'),
    execute,
  });
  // From here on: the code comes in a POST, and what is asked besides is UserInfo.
  const [redeem, askUserInfo, refresh] = [
    fetchFor('token'),
    fetchFor('userinfo'),
    fetchFor('refresh'),
  ];
  configuration[openid.customFetch] = (url, options) =>
    (options.method === 'POST' ? redeem : askUserInfo)(url, options);
  // The deadline is the one of `outbound`; a second one would only cost time.
  configuration.timeout = 0;
  return {
    configuration,
    configurationWith(look) {
      const server = configuration.serverMetadata();
      const own = new openid.Configuration(server, id, metadata, authentication);
      own[openid.customFetch] = async (url, options) => {
        const response = await refresh(url, options);
        await look(response.clone());
        return response;
      };
      own.timeout = 0;
      for (const change of execute) change(own);
      return own;
    },
  };
}

/** This application as the library wants to know it. */
function clientOf({ client, tenant }: Parts['config']) {
  const { id, secret, authMethod } = client;
  return {
    id,
    metadata: {
      // The provider's document must not be able to widen this.
      id_token_signed_response_alg: 'RS256',
      [openid.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
    },
    authentication:
      authMethod === 'client_secret_basic'
        ? openid.ClientSecretBasic(secret)
        : openid.ClientSecretPost(secret),
    // Only ever for a provider on loopback: the configuration refuses everything else.
    execute: tenant.allowPlainHttp ? [openid.allowInsecureRequests] : [],
  };
}

/** What an unusable answer of the well-known address mostly means: B2C has no other word for it. */
function explained(error: SignInError, { name }: Policy): SignInError {
  if (error.code !== 'provider_response_invalid') return error;
  const message = `no usable metadata of ${name}: does the tenant have this policy? (${error.message})`;
  return new SignInError('metadata_refused', message, { cause: error });
}

function checkMetadata(metadata: openid.ServerMetadata, policy: Policy, tenant: Tenant): void {
  for (const { what } of metadataFaults(metadata, { policy, tenant })) {
    throw new SignInError('metadata_refused', `the metadata of ${policy.name} ${what}`);
  }
}
