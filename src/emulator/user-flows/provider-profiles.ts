/** The technical profiles of identity providers: signing in there, finding the account, and signing up. */
import type { IdentityProvider } from '../definition/identity-provider.ts';
import type { Policy } from '../definition/policy.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import { connectorProfiles } from './api-connectors.ts';
import { type FlowClaims, fieldsOf, known, stored } from './claim-types.ts';
import {
  claim,
  constant,
  directory,
  named,
  page,
  profile,
  sourced,
  transformation,
  validates,
} from './model.ts';
import { required } from './profiles.ts';

export function providerProfile(provider: IdentityProvider, claims: FlowClaims): TechnicalProfile {
  const { issuerUserId, identityProvider, providerName, alternativeSecurityId } = claims;
  return profile(provider.id, {
    handler: 'oauth2',
    displayName: sourced(provider.name),
    domain: sourced(provider.domainHint),
    outputClaims: [
      claim(issuerUserId, { partner: 'email' }),
      ...named({ email: claims.email, name: providerName }),
      constant(identityProvider, provider.issuer),
    ],
    outputClaimsTransformations: [
      transformation('CreateAlternativeSecurityId', {
        inputs: { key: issuerUserId, identityProvider },
        outputs: { alternativeSecurityId },
      }),
      transformation('GenerateJson', {
        inputs: { '0.issuer': identityProvider, '0.issuerAssignedId': issuerUserId },
        parameters: { '0.signInType': 'federated' },
        outputs: { outputClaim: claims.identities },
      }),
    ],
  });
}

export const findFederatedProfile = ({ objectId, alternativeSecurityId }: FlowClaims) =>
  directory('FindFederatedAccount', 'may exist', {
    inputClaims: [claim(alternativeSecurityId)],
    outputClaims: [claim(objectId)],
  });

/** A new account for an identity provider's user: no password, and the email address is filled in. */
export function socialSignUpProfile(policy: Policy, claims: FlowClaims): TechnicalProfile {
  const { objectId, email, alternativeSecurityId, newUser, attributes } = claims;
  const write = directory('WriteFederatedAccount', 'is new', {
    inputClaims: [claim(alternativeSecurityId)],
    writes: [...named({ alternativeSecurityId, mail: email }), ...stored(attributes)],
    outputClaims: named({ objectId, newClaimsPrincipalCreated: newUser }),
  });
  return page('SocialSignUp', 'api.socialccountsignup', {
    inputClaims: [claim(email), ...known(attributes)],
    outputClaims: [required(email), ...fieldsOf(attributes), claim(objectId), claim(newUser)],
    validationProfiles: validates(
      ...connectorProfiles(policy, 'beforeCreatingUser', claims),
      write,
    ),
  });
}
