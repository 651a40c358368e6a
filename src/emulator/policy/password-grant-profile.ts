import { setting } from './profile-claims.ts';
import type { TechnicalProfile } from './technical-profile.ts';

/** `login-NonInteractive` is a password grant in the form of an OpenID Connect profile. */
export const isPasswordGrant = (profile: TechnicalProfile): boolean =>
  profile.handler === 'openid-connect' &&
  (setting(profile, 'grant_type') === 'password' ||
    profile.inputClaims.some(
      ({ claimType, defaultValue, partnerClaimType }) =>
        (partnerClaimType ?? claimType.id) === 'grant_type' && defaultValue === 'password',
    ));
