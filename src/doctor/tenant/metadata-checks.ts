import { authMethodsOf } from '../../config/client.ts';
import type { TenantKindName } from '../../config/tenant-kinds.ts';
import { loadKeys } from '../../oidc/key-set.ts';
import { findMetadataErrors } from '../../oidc/metadata.ts';
import type { Policy } from '../../oidc/policy.ts';
import { asSignInError } from '../../oidc/provider-error.ts';
import type { Check, Reporter } from '../check.ts';
import type { ProbeResponse } from '../probe.ts';
import { issuerProblem } from './issuer-problem.ts';
import type { TenantContext } from './tenant-context.ts';

type Metadata = Record<string, unknown>;

interface Discovered {
  policy: Policy;
  url: URL;
  response: ProbeResponse;
}

const PROXY =
  'Check whether a proxy or a sign-in page of your network responds instead, and check the host.';

/** Checks the discovery document of a policy, member by member. */
export async function* metadataChecks(
  context: TenantContext,
  { policy, url, response }: Discovered,
): AsyncGenerator<Check> {
  const report = context.reporterFor(policy);
  const metadata = parseMetadata(response);
  if (!metadata) {
    yield missing(context, { policy, url, response });
    return;
  }
  yield report.ok('policy.metadata', `${policy.name}: ${url.origin}${url.pathname}`);
  yield* requirementChecks(context, policy, metadata);
  yield capabilities(context, policy, metadata);
  yield signOut(context, policy, metadata);
  yield await keys(context, policy, metadata);
}

function parseMetadata({ status, type, text }: ProbeResponse): Metadata | undefined {
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

/** The status of B2C for an unknown policy is not documented; these are possible. */
export const isUnknownPolicy = ({ status }: ProbeResponse): boolean =>
  [400, 403, 404].includes(status);

function missing(
  { config, reporterFor, portalFor }: TenantContext,
  { policy, url, response }: Discovered,
): Check {
  const report = reporterFor(policy);
  const { status, location } = response;
  const id = 'policy.metadata';
  if (isUnknownPolicy(response) && config.tenant.kind === 'b2c') {
    return report.fail(id, `the policy ${policy.name} does not exist in this tenant (${status})`, {
      fix: 'Compare the name with the list of user flows and custom policies. For an unknown tenant, the response of B2C is the same.',
      portal: portalFor('policies'),
    });
  }
  if (isUnknownPolicy(response)) {
    return report.fail(
      id,
      `there is no discovery document at ${url.origin}${url.pathname} (${status})`,
      {
        fix: 'Check tenant.authority and tenant.tenantId, or tenant.issuer and tenant.discovery.',
        portal: portalFor('tenant'),
      },
    );
  }
  if (status >= 500 || status === 429) {
    return report.fail(id, `the tenant returns ${status}`, {
      fix: 'Try again in a few minutes. If it stays, check the status page of the provider.',
    });
  }
  if (location) {
    const host = URL.canParse(location, url.href) ? new URL(location, url).host : 'another URL';
    return report.fail(id, `the response redirects to ${host} (${status}), which is not followed`, {
      fix: PROXY,
    });
  }
  const content = status === 200 ? 'a response that is not JSON' : `${status}`;
  return report.fail(id, `the tenant returns ${content} instead of a discovery document`, {
    fix: PROXY,
  });
}

/** Checks everything for which the server rejects metadata. */
function* requirementChecks(
  { config, tenant, reporterFor, portalFor }: TenantContext,
  policy: Policy,
  metadata: Metadata,
): Generator<Check> {
  const report = reporterFor(policy);
  const errors = [...findMetadataErrors(metadata, { policy, tenant })];
  const problemsOf = (member: string) =>
    errors.filter(({ about }) => about === member).map(({ problem }) => problem);
  const endpoints = problemsOf('endpoints');
  yield endpoints.length === 0
    ? report.ok('metadata.endpoints', `all on ${[...tenant.origins].join(', ')}`)
    : report.fail('metadata.endpoints', `the discovery document ${endpoints.join('; ')}`, {
        fix: 'Use the host of the endpoints, such as a custom domain. If that host is not yours, do not use this provider.',
        portal: portalFor('tenant'),
      });
  yield problemsOf('algorithms').length === 0
    ? report.ok('metadata.algorithms', 'ID tokens are signed with RS256')
    : report.fail('metadata.algorithms', 'the provider does not sign ID tokens with RS256', {
        fix: 'Configure the provider to sign with RS256. Other algorithms are rejected.',
      });
  const { issuer } = metadata;
  if (problemsOf('issuer').length === 0) {
    yield report.ok('metadata.issuer', String(issuer));
  } else {
    const { detail, fix } = issuerProblem(issuer, { tenant: config.tenant, policy });
    yield report.fail('metadata.issuer', detail, { fix, portal: portalFor('tenant') });
  }
}

/** Checks the capabilities that the provider lists. A list that is missing is not a problem. */
function capabilities(
  { config, reporterFor }: TenantContext,
  policy: Policy,
  metadata: Metadata,
): Check {
  const report = reporterFor(policy);
  const { authMethod } = config.client;
  const enable = 'Enable it at the provider. Sign-in requires it.';
  const { responseMode } = config;
  const needed: [member: string, value: string, fix: string][] = [
    ['response_types_supported', 'code', enable],
    [
      'response_modes_supported',
      responseMode,
      responseMode === 'query'
        ? enable
        : 'Set responseMode to "query", or enable it at the provider.',
    ],
    ['code_challenge_methods_supported', 'S256', enable],
    [
      'token_endpoint_auth_methods_supported',
      authMethod,
      authMethodAdvice(metadata['token_endpoint_auth_methods_supported'], config.tenant.kind),
    ],
  ];
  const missing = needed.filter(([member, value]) => {
    const listed = metadata[member];
    return Array.isArray(listed) && !listed.includes(value);
  });
  if (missing.length === 0) {
    return report.ok('metadata.capabilities', `code, ${responseMode}, PKCE, ${authMethod}`);
  }
  const list = missing.map(([member, value]) => `${value} (${member})`).join(', ');
  return report.fail('metadata.capabilities', `the provider does not support ${list}`, {
    fix: [...new Set(missing.map(([, , fix]) => fix))].join(' '),
  });
}

/** Returns the fix for a provider that does not list `client.authMethod`. */
function authMethodAdvice(listed: unknown, kind: TenantKindName): string {
  const methods = [listed].flat();
  const ours = authMethodsOf(kind);
  const usable = ours.filter((method) => methods.includes(method));
  if (usable.length > 0) {
    return `Set client.authMethod to ${usable.map((method) => `"${method}"`).join(' or ')}.`;
  }
  const enable = `Enable ${ours.join(' or ')} at the provider`;
  return methods.length === 1 && methods[0] === 'none'
    ? `The provider lists public clients only ("none"), and b2c-signin is a confidential client. ${enable}, and register the application as a web application.`
    : `${enable}.`;
}

function signOut({ reporterFor }: TenantContext, policy: Policy, metadata: Metadata): Check {
  const report = reporterFor(policy);
  if (metadata['end_session_endpoint'] !== undefined) {
    return report.ok('metadata.sign-out', 'the provider has an end-session endpoint');
  }
  return report.warn('metadata.sign-out', 'the provider has no end-session endpoint', {
    fix: 'Choose a policy with an end-session endpoint. Until then, sign-out ends only the local session, and the next sign-in may not ask for a password.',
  });
}

async function keys(
  { outbound, tenant, reporterFor }: TenantContext,
  policy: Policy,
  { jwks_uri: url }: Metadata,
): Promise<Check> {
  const report: Reporter = reporterFor(policy);
  const id = 'metadata.keys';
  if (typeof url !== 'string' || !URL.canParse(url)) {
    return report.skipped(id, 'the JWKS URL is missing');
  }
  if (!tenant.origins.has(new URL(url).origin)) {
    return report.skipped(id, 'the JWKS URL is on another origin, so it is not requested');
  }
  try {
    await loadKeys(url, outbound.fetch);
    return report.ok(id, 'the JWKS contains an RSA signing key');
  } catch (error) {
    return report.fail(id, asSignInError(error).message, {
      fix: 'Try again in a few minutes. For a custom policy, check that its key container has an RSA signing key.',
    });
  }
}
