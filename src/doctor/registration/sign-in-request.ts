import { buildAuthorizationRequest } from '../../oidc/authorization-request.ts';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import { parseDescription } from '../../oidc/provider-error.ts';
import { type Answer, isFailure } from '../probe.ts';
import type { TenantCase } from '../tenant/tenant-case.ts';
import { checkOf } from './code-checks.ts';

/** What a sign-in that nobody sees has met. */
export type Asked =
  | { kind: 'failure'; failure: string; url: URL }
  | {
      kind: 'answer';
      code: string | undefined;
      error: string | undefined;
      /** Whether the provider sends the browser back to the address that was asked for. */
      isTaken: boolean;
      /** Another address that it sends it to, which is then a registered one. */
      elsewhere: URL | undefined;
    };

/** The very request of a sign-in, but that nobody is to be asked: so no page and no cookie is needed. */
export async function askToSignIn(
  { config, probe, tenant }: TenantCase,
  provider: DiscoveredPolicy,
  redirectUri: string,
): Promise<Asked> {
  const { scopes } = config;
  const { url } = buildAuthorizationRequest(provider, { redirectUri, scopes, hints: {}, now: 0 });
  url.searchParams.set('prompt', 'none');
  const result = await probe.get(url);
  if (isFailure(result)) return { kind: 'failure', failure: result.failure, url };
  return readAnswer(result, { redirectUri, isOwn: (origin) => tenant.origins.has(origin) });
}

const CODE = /\bAAD(?:B2C\d{5}|STS\d{4,7})\b/;

function readAnswer(
  { location, text }: Answer,
  { redirectUri, isOwn }: { redirectUri: string; isOwn: (origin: string) => boolean },
): Asked {
  const target = location && URL.canParse(location) ? new URL(location) : undefined;
  // To another page of the provider's own.
  if (!target || (isOwn(target.origin) && !sameAddress(target, redirectUri))) {
    const [code] = CODE.exec(text) ?? [];
    return { kind: 'answer', code, error: undefined, isTaken: false, elsewhere: undefined };
  }
  const parameters = new URLSearchParams(target.search || target.hash.slice(1));
  const { providerCode: code } = parseDescription(parameters.get('error_description'));
  const error = parameters.get('error') ?? undefined;
  const isTaken = sameAddress(target, redirectUri) && checkOf(code) !== 'redirect-uri.registered';
  return { kind: 'answer', code, error, isTaken, elsewhere: isTaken ? undefined : target };
}

const sameAddress = ({ origin, pathname }: URL, uri: string) =>
  origin + pathname === new URL(uri).origin + new URL(uri).pathname;
