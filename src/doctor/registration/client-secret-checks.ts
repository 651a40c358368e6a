import { randomBytes } from 'node:crypto';
import * as openid from 'openid-client';
import type { DiscoveredPolicy } from '../../oidc/discovery.ts';
import { explainCode } from '../../oidc/provider-codes.ts';
import { asSignInError } from '../../oidc/provider-error.ts';
import type { Check } from '../check.ts';
import type { TenantCase } from '../tenant/tenant-case.ts';
import { checkOf } from './code-checks.ts';

/**
 * A code that nobody has issued: who refuses the code has taken the secret. That B2C looks at the
 * secret first is what its answers suggest; nobody has written it down.
 */
export async function* clientSecretChecks(
  { say, config }: TenantCase,
  provider: DiscoveredPolicy,
  redirectUri: string,
): AsyncGenerator<Check> {
  const refused = await openid
    .genericGrantRequest(provider.configuration, 'authorization_code', {
      code: 'made-up-by-the-doctor',
      redirect_uri: redirectUri,
      code_verifier: randomBytes(32).toString('base64url'),
    })
    .then(() => undefined, asSignInError);
  const { code = 'provider_response_invalid', providerCode } = refused ?? {};
  const id = checkOf(providerCode);
  const { authMethod } = config.client;
  const told = explainCode(providerCode);
  if (id === 'client.secret' || id === 'client.type' || id === 'client.id') {
    yield say.mend(id, `${told?.cause} (${providerCode})`, {
      mend: String(told?.fix),
      place: told?.portal,
    });
  } else if (code === 'client_refused') {
    yield say.mend(
      'client.secret',
      `the token endpoint refuses id and secret, sent by ${authMethod}`,
      {
        mend: 'Compare client.id and client.secret with the registration, and client.authMethod with what it allows.',
      },
    );
  } else if (code === 'grant_refused') {
    yield say.ok('client.type', 'a confidential client, as a web application has to be');
    yield say.ok('client.secret', `accepted, by ${authMethod}`);
  } else {
    yield say.warn(
      'client.secret',
      `the token endpoint neither takes nor refuses it (${providerCode ?? code})`,
      {
        mend: told?.fix ?? `Look ${code} up in docs/errors.md, and sign in to see.`,
      },
    );
  }
}
