/** The technical profiles of identity providers: signing in there, finding the account, and signing up. */
import type { IdentityProvider } from '../definition/identity-provider.ts';
import type { Policy } from '../definition/policy.ts';
import type { TechnicalProfile } from '../policy/technical-profile.ts';
import { connectorProfiles } from './api-connectors.ts';
import type { FlowClaims } from './claim-types.ts';
import { claim, profile, sourced, transformation, validates } from './model.ts';
import { attributes, known, page, required, stored } from './profiles.ts';

export function providerProfile(provider: IdentityProvider, claims: FlowClaims): TechnicalProfile {
  const { issuerUserId, identityProvider, providerName, alternativeSecurityId } = claims;
  return profile(provider.id, {
    handler: 'oauth2',
    displayName: sourced(provider.name),
    domain: sourced(provider.domainHint),
    outputClaims: [
      claim(issuerUserId, { partner: 'email' }),
      claim(claims.email, { partner: 'email' }),
      claim(providerName, { partner: 'name' }),
      claim(identityProvider, { value: provider.issuer, alwaysUseDefaultValue: true }),
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

export function findFederatedProfile({ objectId, alternativeSecurityId }: FlowClaims) {
  return profile('FindFederatedAccount', {
    handler: 'directory',
    settings: { Operation: 'Read' },
    inputClaims: [claim(alternativeSecurityId)],
    outputClaims: [claim(objectId)],
  });
}

/** A new account for an identity provider's user: no password, and the email address is filled in. */
export function socialSignUpProfile(policy: Policy, claims: FlowClaims): TechnicalProfile {
  const { objectId, email, alternativeSecurityId, newUser } = claims;
  const write = profile('WriteFederatedAccount', {
    handler: 'directory',
    settings: { Operation: 'Write', RaiseErrorIfClaimsPrincipalAlreadyExists: 'true' },
    inputClaims: [claim(alternativeSecurityId)],
    persistedClaims: [
      claim(alternativeSecurityId),
      claim(email, { partner: 'mail' }),
      ...stored(claims.attributes),
    ],
    outputClaims: [claim(objectId), claim(newUser, { partner: 'newClaimsPrincipalCreated' })],
  });
  return page('SocialSignUp', 'api.socialccountsignup', {
    inputClaims: [claim(email), ...known(claims.attributes)],
    outputClaims: [
      required(email),
      ...attributes(claims.attributes),
      ...[claim(objectId), claim(newUser)],
    ],
    validationProfiles: validates(
      ...connectorProfiles(policy, 'beforeCreatingUser', claims),
      write,
    ),
  });
}
