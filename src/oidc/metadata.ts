import type { Policy } from './policy.ts';
import type { Tenant } from './tenant-kind.ts';

export interface MetadataError {
  about: 'endpoints' | 'algorithms' | 'issuer';
  /** Goes on from "the metadata of B2C_1_susi …". */
  what: string;
}

const REQUIRED_ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

/** Why metadata must not be used; it may be any JSON object. The first fault is enough to refuse it. */
export function* metadataFaults(
  metadata: Readonly<Record<string, unknown>>,
  { policy, tenant }: { policy: Policy; tenant: Tenant },
): Generator<MetadataError> {
  const optional = ['end_session_endpoint', ...(tenant.usesUserInfo ? ['userinfo_endpoint'] : [])];
  for (const name of [...REQUIRED_ENDPOINTS, ...optional]) {
    const address = metadata[name];
    if (address === undefined && optional.includes(name)) continue;
    if (typeof address !== 'string' || !URL.canParse(address)) {
      yield { about: 'endpoints', what: `has no ${name}` };
    } else if (!tenant.origins.has(new URL(address).origin)) {
      const allowed = [...tenant.origins].join(', ');
      yield { about: 'endpoints', what: `has a ${name} outside ${allowed}` };
    }
  }
  const { id_token_signing_alg_values_supported: algorithms, issuer } = metadata;
  if (Array.isArray(algorithms) && !algorithms.includes('RS256')) {
    yield { about: 'algorithms', what: 'does not offer RS256' };
  }
  // Last, because the first good one may pin the tenant.
  if (typeof issuer !== 'string' || !tenant.hasIssuer(issuer, policy)) {
    yield { about: 'issuer', what: 'is of another issuer' };
  }
}
