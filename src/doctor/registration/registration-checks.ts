import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Check } from '../check.ts';
import type { TenantContext } from '../tenant/tenant-context.ts';
import { clientSecretChecks } from './client-secret-checks.ts';
import { checkOf } from './code-checks.ts';
import { postLogoutChecks, requestChecks } from './redirect-checks.ts';
import { probeSignIn } from './sign-in-probe.ts';

/** The URLs that the provider redirects to, which have to be registered. */
export interface RegisteredUrls {
  redirectUri: string;
  postSignOutUri: string;
}

interface Application {
  provider: DiscoveredPolicy;
  /** Unknown if the settings that they are built from are invalid. */
  urls: RegisteredUrls | undefined;
  hasSecret: boolean;
}

/** Checks the registration of this application with two authorization requests and one token request. */
export async function* registrationChecks(
  context: TenantContext,
  { provider, urls, hasSecret }: Application,
): AsyncGenerator<Check> {
  const { report } = context;
  if (urls) {
    const probe = await probeSignIn(context, provider, urls.redirectUri);
    yield* requestChecks(context, probe, urls.redirectUri);
    if (probe.kind === 'response' && checkOf(probe.code) === 'client.id') {
      yield report.skipped('client.secret', 'client.id has to be fixed first');
      return;
    }
    if (probe.kind === 'response' && probe.isAccepted) {
      if (checkOf(probe.code) !== 'scopes.granted') yield scopesCheck(context);
      yield* postLogoutChecks(context, provider, urls.postSignOutUri);
    }
  } else {
    yield report.skipped('redirect-uri.registered', 'baseUrl, listen or routes is invalid');
  }
  if (hasSecret) {
    const redirectUri = urls?.redirectUri ?? 'https://none.invalid/';
    yield* clientSecretChecks(context, provider, redirectUri);
  } else yield report.skipped('client.secret', 'client.secret is invalid');
}

function scopesCheck({ config, report }: TenantContext): Check {
  const id = 'scopes.granted';
  const { scopes, tenant } = config;
  if (scopes.includes('offline_access') || tenant.kind === 'generic') {
    return report.ok(id, `openid ${scopes.join(' ')}`);
  }
  const detail = 'scopes does not contain offline_access: access tokens expire after an hour';
  return report.warn(id, detail, { fix: 'Add offline_access if the application calls APIs.' });
}
