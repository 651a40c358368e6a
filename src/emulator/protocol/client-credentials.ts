import { createHash } from 'node:crypto';
import type { Application } from '../tenant/application.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import { requireParameter } from '../tokens/grants.ts';
import { signClientToken } from '../tokens/id-token.ts';
import { B2cError } from './b2c-error.ts';
import type { GrantRequest } from './token.ts';

/** A token for the application itself: nobody signs in, and any policy's endpoint will do. */
export function answerClientCredentials(
  tenant: LocalTenant,
  { parameters, policy, client, origin }: GrantRequest,
): Record<string, unknown> {
  // B2C knows no secret of public clients, so there is nothing that proves them.
  if (client.type !== 'web') throw new B2cError('AADB2C90086', { value: 'client_credentials' });
  const scope = requireParameter(parameters, 'scope');
  const api = findApi(scope, tenant.definition.applications);
  if (!api) throw new B2cError('AADB2C90117', { scope });
  const lifetimeSeconds = policy.tokenLifetimeMinutes * 60;
  const nowSeconds = Math.floor(tenant.now() / 1000);
  const subject = servicePrincipalOf(client);
  const roles = api.api?.roles ?? [];
  const accessToken = signClientToken(tenant, policy, {
    origin,
    claims: {
      aud: api.id,
      sub: subject,
      oid: subject,
      azp: client.id,
      tfp: policy.name,
      ...(roles.length > 0 ? { scp: roles.join(' ') } : {}),
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

/** The same GUID for the same application at every start. */
function servicePrincipalOf({ id }: Application): string {
  const hex = createHash('sha256').update(`service principal of ${id}`).digest('hex');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}
