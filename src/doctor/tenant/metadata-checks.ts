import { loadKeys } from '../../oidc/key-set.ts';
import { findMetadataErrors } from '../../oidc/metadata.ts';
import type { Policy } from '../../oidc/policy.ts';
import { asSignInError } from '../../oidc/provider-error.ts';
import type { Check, Say } from '../check.ts';
import type { Answer } from '../probe.ts';
import { issuerFault } from './issuer-fault.ts';
import type { TenantCase } from './tenant-case.ts';

type Metadata = Record<string, unknown>;

interface Given {
  policy: Policy;
  url: URL;
  answer: Answer;
}

const PROXY =
  'See whether a proxy or a sign-in page of your network answers in its place, and compare the host.';

/** The metadata of a policy, member by member. */
export async function* metadataChecks(
  given: TenantCase,
  { policy, url, answer }: Given,
): AsyncGenerator<Check> {
  const say = given.sayOf(policy);
  const metadata = metadataOf(answer);
  if (!metadata) {
    yield missing(given, { policy, url, answer });
    return;
  }
  yield say.ok('policy.metadata', `${policy.name}: ${url.origin}${url.pathname}`);
  yield* serverFaults(given, policy, metadata);
  yield capabilities(given, policy, metadata);
  yield signOut(given, policy, metadata);
  yield await keys(given, policy, metadata);
}

function metadataOf({ status, type, text }: Answer): Metadata | undefined {
  if (status !== 200 || !/^application\/([a-z-]+\+)?json\b/i.test(type)) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Metadata)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Which status B2C has for what it does not know is not documented, but that it is not 200. */
export const saysUnknown = ({ status }: Answer): boolean => [400, 403, 404].includes(status);

function missing({ config, sayOf, place }: TenantCase, { policy, url, answer }: Given): Check {
  const say = sayOf(policy);
  const { status, location } = answer;
  const id = 'policy.metadata';
  if (saysUnknown(answer) && config.tenant.kind === 'b2c') {
    return say.mend(id, `there is no policy ${policy.name} in this tenant (${status})`, {
      mend: 'Compare the name with the list of user flows and custom policies; B2C answers the same for an unknown tenant.',
      place: place('policies'),
    });
  }
  if (saysUnknown(answer)) {
    return say.mend(id, `there is no metadata at ${url.origin}${url.pathname} (${status})`, {
      mend: 'Compare tenant.authority and tenant.tenantId, or tenant.issuer and tenant.discovery, with the tenant.',
      place: place('tenant'),
    });
  }
  if (status >= 500 || status === 429) {
    return say.mend(id, `the tenant answers ${status}`, {
      mend: 'Try again in some minutes; if it stays, look at the status page of the provider.',
    });
  }
  if (location) {
    const host = URL.canParse(location, url.href) ? new URL(location, url).host : 'another address';
    return say.mend(id, `the answer leads to ${host} (${status}), and is not followed`, {
      mend: PROXY,
    });
  }
  const what = status === 200 ? 'what is not JSON' : `${status}`;
  return say.mend(id, `in the place of metadata comes ${what}`, { mend: PROXY });
}

/** All for which the server refuses metadata, in its own words where there are no better ones. */
function* serverFaults(
  { config, tenant, sayOf, place }: TenantCase,
  policy: Policy,
  metadata: Metadata,
): Generator<Check> {
  const say = sayOf(policy);
  const faults = [...findMetadataErrors(metadata, { policy, tenant })];
  const whatOf = (about: string) =>
    faults.filter((fault) => fault.about === about).map(({ problem }) => problem);
  const endpoints = whatOf('endpoints');
  yield endpoints.length === 0
    ? say.ok('metadata.endpoints', `all on ${[...tenant.origins].join(', ')}`)
    : say.mend('metadata.endpoints', `the metadata ${endpoints.join('; ')}`, {
        mend: 'Use the host that the endpoints are on, a custom domain for example; if they are foreign, do not use this provider.',
        place: place('tenant'),
      });
  yield whatOf('algorithms').length === 0
    ? say.ok('metadata.algorithms', 'ID tokens are signed with RS256')
    : say.mend('metadata.algorithms', 'the provider does not sign ID tokens with RS256', {
        mend: 'Let it sign with RS256; nothing else is accepted here.',
      });
  const { issuer } = metadata;
  if (whatOf('issuer').length === 0) {
    yield say.ok('metadata.issuer', String(issuer));
  } else {
    const { detail, mend } = issuerFault(issuer, { tenant: config.tenant, policy });
    yield say.mend('metadata.issuer', detail, { mend, place: place('tenant') });
  }
}

/** What is announced and not enough; what is not announced is not missing. */
function capabilities({ config, sayOf }: TenantCase, policy: Policy, metadata: Metadata): Check {
  const say = sayOf(policy);
  const { authMethod } = config.client;
  const needed: [member: string, value: string][] = [
    ['response_types_supported', 'code'],
    ['response_modes_supported', 'query'],
    ['code_challenge_methods_supported', 'S256'],
    ['token_endpoint_auth_methods_supported', authMethod],
  ];
  const lacking = needed.flatMap(([member, value]) => {
    const announced = metadata[member];
    return Array.isArray(announced) && !announced.includes(value) ? [`${value} (${member})`] : [];
  });
  if (lacking.length === 0) {
    return say.ok('metadata.capabilities', `code, query, PKCE, ${authMethod}`);
  }
  return say.mend('metadata.capabilities', `the provider does not offer ${lacking.join(', ')}`, {
    mend: lacking.some((text) => text.startsWith('client_secret'))
      ? 'Set client.authMethod to one that it offers.'
      : 'Let the provider offer it; the sign-in is not possible without.',
  });
}

function signOut({ sayOf }: TenantCase, policy: Policy, metadata: Metadata): Check {
  const say = sayOf(policy);
  if (metadata['end_session_endpoint'] !== undefined) {
    return say.ok('metadata.sign-out', 'there is an end-session endpoint');
  }
  return say.warn('metadata.sign-out', 'there is no end-session endpoint', {
    mend: 'Signing out ends the session here alone, and the next sign-in may ask for no password. Choose a policy with pages.',
  });
}

async function keys(
  { outbound, tenant, sayOf }: TenantCase,
  policy: Policy,
  { jwks_uri: address }: Metadata,
): Promise<Check> {
  const say: Say = sayOf(policy);
  const id = 'metadata.keys';
  if (typeof address !== 'string' || !URL.canParse(address)) {
    return say.skipped(id, 'their address is not known');
  }
  if (!tenant.origins.has(new URL(address).origin)) {
    return say.skipped(id, 'their address is not asked: it is elsewhere');
  }
  try {
    await loadKeys(address, outbound.fetch);
    return say.ok(id, 'there is an RSA key to verify signatures with');
  } catch (error) {
    return say.mend(id, asSignInError(error).message, {
      mend: 'Try again in some minutes. For a custom policy, see that its key container has an RSA key for signatures.',
    });
  }
}
