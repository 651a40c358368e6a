import { createHash } from 'node:crypto';
import type { Application } from '../definition/application.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { requireParameter } from '../tokens/grant-checks.ts';
import { accessTokenSeconds, signAccessToken } from '../tokens/id-token.ts';
import { clientCredentialsRun } from './journey-grants.ts';
import { type LocalTenant, tokenIssuer } from './local-tenant.ts';
import type { GrantRequest } from './token-request.ts';

/**
 * An access token for the application itself, without a user. Works at the endpoint of any policy. A
 * journey that the token issuer of a custom policy names can add claims.
 */
export async function handleClientCredentials(
  tenant: LocalTenant,
  request: GrantRequest,
): Promise<Record<string, unknown>> {
  const { parameters, policy, client, origin } = request;
  // B2C has no secret of public clients, so they cannot authenticate.
  if (client.type !== 'web') throw new B2cError('AADB2C90086', { value: 'client_credentials' });
  const scope = requireParameter(parameters, 'scope');
  const api = findApi(scope, tenant.definition.applications);
  if (!api) throw new B2cError('AADB2C90117', { scope });
  const claims = await clientCredentialsRun(tenant, request);
  const issuer = tokenIssuer(tenant);
  const lifetimeSeconds = accessTokenSeconds(policy);
  const nowSeconds = Math.floor(issuer.now / 1000);
  const subject = servicePrincipalId(client);
  const roles = api.api?.roles ?? [];
  const accessToken = signAccessToken(issuer, policy, {
    origin,
    claims: {
      sub: subject,
      oid: subject,
      tfp: policy.name,
      ...(roles.length > 0 ? { scp: roles.join(' ') } : {}),
      ...claims,
      aud: api.id,
      azp: client.id,
    },
  });
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    not_before: nowSeconds,
    expires_in: lifetimeSeconds,
    expires_on: nowSeconds + lifetimeSeconds,
    resource: api.id,
  };
}

function findApi(scope: string, applications: readonly Application[]): Application | undefined {
  return applications.find(
    ({ id, api }) => scope === `${api?.uri ?? id}/.default` || scope === `${id}/.default`,
  );
}

/** A GUID that is the same at every start. */
function servicePrincipalId({ id }: Application): string {
  const hex = createHash('sha256').update(`service principal of ${id}`).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}
