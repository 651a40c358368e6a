import { buildAuthorizationRequest } from '../../oidc/authorization-request.ts';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import { parseDescription } from '../../oidc/provider-error.ts';
import { isFailure, type ProbeResponse } from '../probe.ts';
import type { TenantContext } from '../tenant/tenant-context.ts';
import { checkOf } from './code-checks.ts';

/** The result of an authorization request without a user. */
export type SignInProbe =
  | { kind: 'failure'; failure: string; url: URL }
  | {
      kind: 'response';
      code: string | undefined;
      error: string | undefined;
      /** Whether the provider redirects to the requested redirect URI. */
      isAccepted: boolean;
      /** Another URL that the provider redirects to, which is then a registered one. */
      otherRedirectUri: URL | undefined;
    };

/** Sends the authorization request of a sign-in with `prompt=none`, which needs no page and no cookie. */
export async function probeSignIn(
  { config, probe, tenant }: TenantContext,
  provider: DiscoveredPolicy,
  redirectUri: string,
): Promise<SignInProbe> {
  const { scopes } = config;
  // Always `query`: the response is read from the redirect.
  const responseMode = 'query';
  const options = { redirectUri, scopes, responseMode, hints: {}, now: 0 } as const;
  const { url } = buildAuthorizationRequest(provider, options);
  url.searchParams.set('prompt', 'none');
  const result = await probe.get(url);
  if (isFailure(result)) return { kind: 'failure', failure: result.failure, url };
  return readResponse(result, { redirectUri, isTenant: (origin) => tenant.origins.has(origin) });
}

const CODE = /\bAAD(?:B2C\d{5}|STS\d{4,7})\b/;

function readResponse(
  { location, text }: ProbeResponse,
  { redirectUri, isTenant }: { redirectUri: string; isTenant: (origin: string) => boolean },
): SignInProbe {
  const target = location && URL.canParse(location) ? new URL(location) : undefined;
  // An error page of the provider, or a redirect to one.
  if (!target || (isTenant(target.origin) && !isSameUri(target, redirectUri))) {
    const [code] = CODE.exec(text) ?? [];
    const none = { error: undefined, isAccepted: false, otherRedirectUri: undefined };
    return { kind: 'response', code, ...none };
  }
  const parameters = new URLSearchParams(target.search || target.hash.slice(1));
  const { providerCode: code } = parseDescription(parameters.get('error_description'));
  const error = parameters.get('error') ?? undefined;
  const isAccepted = isSameUri(target, redirectUri) && checkOf(code) !== 'redirect-uri.registered';
  const otherRedirectUri = isAccepted ? undefined : target;
  return { kind: 'response', code, error, isAccepted, otherRedirectUri };
}

const isSameUri = ({ origin, pathname }: URL, uri: string) =>
  origin + pathname === new URL(uri).origin + new URL(uri).pathname;
