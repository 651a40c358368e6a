/** API connectors: calls of a REST API at three places of a user flow. */
import { CONNECTOR_STEPS, type ConnectorPlace } from '../definition/api-connector.ts';
import type { Policy } from '../definition/policy.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import { type FlowClaims, stored } from './claim-types.ts';
import { claimType, constant, named, profile, sourced } from './model.ts';

/** The call, if the user flow has a connector at this place. Its claims replace those of the user. */
export function connectorProfiles(
  { name, apiConnectors }: Policy,
  place: ConnectorPlace,
  claims: FlowClaims,
): TechnicalProfile[] {
  const connector = apiConnectors[place];
  if (!connector) return [];
  const { email, objectId, identities, attributes } = claims;
  const hasPassword = connector.username !== undefined;
  const keys = {
    BasicAuthenticationUsername: secretName(name, place, 'username'),
    BasicAuthenticationPassword: secretName(name, place, 'password'),
  };
  return [
    profile(`ApiConnector-${place}`, {
      handler: 'rest',
      settings: {
        ServiceUrl: connector.url,
        AuthenticationType: hasPassword ? 'Basic' : 'None',
        SendClaimsIn: 'Body',
        AllowInsecureAuthInProduction: 'true',
        IncludeClaimResolvingInClaimsHandling: 'true',
        HasActions: 'true',
      },
      keys: new Map(hasPassword ? Object.entries(keys).map(([id, key]) => [id, sourced(key)]) : []),
      inputClaims: [
        ...named({ email, objectId, identities }),
        ...stored(attributes),
        constant(claimType('step'), CONNECTOR_STEPS[place]),
        constant(claimType('client_id'), '{OIDC:ClientId}'),
        constant(claimType('ui_locales'), '{Culture:RFC5646}'),
      ],
      outputClaims: stored(attributes),
    }),
  ];
}

const secretName = (name: string, place: ConnectorPlace, part: 'username' | 'password') =>
  `${name}/${place}/${part}`.toLowerCase();

/** User names and passwords of all connectors, by the names under which their profiles ask for them. */
export const connectorSecrets = (policies: readonly Policy[]): Map<string, string> =>
  new Map(
    policies.flatMap(({ name, apiConnectors }) =>
      Object.entries(apiConnectors).flatMap(([place, { username = '', password = '' }]) => [
        [secretName(name, place as ConnectorPlace, 'username'), username] as const,
        [secretName(name, place as ConnectorPlace, 'password'), password] as const,
      ]),
    ),
  );
