import { randomBytes } from 'node:crypto';
import * as openid from 'openid-client';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import { explainCode } from '../../oidc/provider-codes.ts';
import { asSignInError } from '../../oidc/provider-error.ts';
import type { Check } from '../check.ts';
import type { TenantContext } from '../tenant/tenant-context.ts';
import { checkOf } from './code-checks.ts';

/**
 * Sends one token request with an invalid authorization code. If the tenant rejects the code and not
 * the client, it accepted the secret. B2C does not document this order; its responses suggest it.
 */
export async function* clientSecretChecks(
  { report, config }: TenantContext,
  provider: DiscoveredPolicy,
  redirectUri: string,
): AsyncGenerator<Check> {
  const error = await openid
    .genericGrantRequest(provider.configuration, 'authorization_code', {
      code: 'invalid-code-of-doctor',
      redirect_uri: redirectUri,
      code_verifier: randomBytes(32).toString('base64url'),
    })
    .then(() => undefined, asSignInError);
  const { code = 'provider_response_invalid', providerCode } = error ?? {};
  const id = checkOf(providerCode);
  const { authMethod } = config.client;
  const credential = authMethod === 'private_key_jwt' ? 'key' : 'secret';
  const known = explainCode(providerCode);
  if (id === 'client.secret' || id === 'client.type' || id === 'client.id') {
    yield report.fail(id, `${known?.cause} (${providerCode})`, {
      fix: String(known?.fix),
      portal: known?.portal,
    });
  } else if (code === 'client_refused') {
    yield report.fail(
      'client.secret',
      `the token endpoint rejects the client, which authenticates by ${authMethod}`,
      {
        fix: `Compare client.id and client.${credential} with the registration, and client.authMethod with its settings.`,
      },
    );
  } else if (code === 'grant_refused') {
    yield report.ok('client.type', 'a confidential client, which a web application has to be');
    yield report.ok('client.secret', `accepted, by ${authMethod}`);
  } else {
    yield report.warn(
      'client.secret',
      `the token endpoint neither accepts nor rejects it (${providerCode ?? code})`,
      {
        fix: known?.fix ?? `Look up ${code} in docs/errors.md, and try to sign in.`,
      },
    );
  }
}
