import type { Policy } from './policy.ts';
import type { Tenant } from './tenant-kind.ts';

export interface MetadataError {
  about: 'endpoints' | 'algorithms' | 'issuer';
  /** Completes the sentence "the metadata of B2C_1_susi …". */
  problem: string;
}

const REQUIRED_ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

/** Finds the reasons to reject a discovery document, which may be any JSON object. One is enough. */
export function* findMetadataErrors(
  metadata: Readonly<Record<string, unknown>>,
  { policy, tenant }: { policy: Policy; tenant: Tenant },
): Generator<MetadataError> {
  const optional = ['end_session_endpoint', ...(tenant.usesUserInfo ? ['userinfo_endpoint'] : [])];
  for (const name of [...REQUIRED_ENDPOINTS, ...optional]) {
    const url = metadata[name];
    if (url === undefined && optional.includes(name)) continue;
    if (typeof url !== 'string' || !URL.canParse(url)) {
      yield { about: 'endpoints', problem: `has no ${name}` };
    } else if (!tenant.origins.has(new URL(url).origin)) {
      const allowed = [...tenant.origins].join(', ');
      yield { about: 'endpoints', problem: `has a ${name} outside ${allowed}` };
    }
  }
  const { id_token_signing_alg_values_supported: algorithms, issuer } = metadata;
  if (Array.isArray(algorithms) && !algorithms.includes('RS256')) {
    yield { about: 'algorithms', problem: 'does not offer RS256' };
  }
  // Last: for B2C, the first valid issuer pins the tenant ID.
  if (typeof issuer !== 'string' || !tenant.hasIssuer(issuer, policy)) {
    yield { about: 'issuer', problem: 'is of another issuer' };
  }
}
