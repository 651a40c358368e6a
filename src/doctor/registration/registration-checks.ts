import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import type { Check } from '../check.ts';
import type { TenantCase } from '../tenant/tenant-case.ts';
import { clientSecretChecks } from './client-secret-checks.ts';
import { checkOf } from './code-checks.ts';
import { requestChecks, signOutAddressChecks } from './redirect-checks.ts';
import { askToSignIn } from './sign-in-request.ts';

/** Where the provider sends people back to. */
export interface ReturnAddresses {
  redirectUri: string;
  postSignOutUri: string;
}

interface Given {
  provider: DiscoveredPolicy;
  /** Unknown where the settings that they come from have faults. */
  addresses: ReturnAddresses | undefined;
  hasSecret: boolean;
}

/** This application's place in the tenant: two harmless requests for pages, and one for a token. */
export async function* registrationChecks(
  given: TenantCase,
  { provider, addresses, hasSecret }: Given,
): AsyncGenerator<Check> {
  const { say } = given;
  if (addresses) {
    const asked = await askToSignIn(given, provider, addresses.redirectUri);
    yield* requestChecks(given, asked, addresses.redirectUri);
    if (asked.kind === 'answer' && checkOf(asked.code) === 'client.id') {
      yield say.skipped('client.secret', 'client.id has to be mended first');
      return;
    }
    if (asked.kind === 'answer' && asked.isTaken) {
      if (checkOf(asked.code) !== 'scopes.granted') yield scopesCheck(given);
      yield* signOutAddressChecks(given, provider, addresses.postSignOutUri);
    }
  } else {
    const id = 'redirect-uri.registered';
    yield say.skipped(id, 'baseUrl, listen or routes have to be mended first');
  }
  if (!hasSecret) yield say.skipped('client.secret', 'client.secret has to be mended first');
  else
    yield* clientSecretChecks(given, provider, addresses?.redirectUri ?? 'https://none.invalid/');
}

function scopesCheck({ config, say }: TenantCase): Check {
  const id = 'scopes.granted';
  const { scopes, tenant } = config;
  if (scopes.includes('offline_access') || tenant.kind === 'generic') {
    return say.ok(id, `openid ${scopes.join(' ')}`);
  }
  return say.warn(id, 'scopes does not hold offline_access: access tokens end after an hour', {
    mend: 'Add offline_access if the application calls APIs.',
  });
}
