/** `login-NonInteractive`: checks a password. A real tenant asks its own directory with a password grant. */
import { tryPassword } from '../../state/password-attempt.ts';
import { claimText } from '../claim-text.ts';
import type { ClaimValue } from '../claims-bag.ts';
import { ClaimsError } from '../claims-error.ts';
import { hasKey, readAttributeOf } from '../directory-attributes.ts';
import { setting } from '../profile-claims.ts';
import type { Exchange, Outputs } from '../run.ts';
import type { TechnicalProfile } from '../technical-profile.ts';

/** `login-NonInteractive` is a password grant in the form of an OpenID Connect profile. */
export const isPasswordGrant = (profile: TechnicalProfile): boolean =>
  profile.handler === 'openid-connect' &&
  (setting(profile, 'grant_type') === 'password' ||
    profile.inputClaims.some(
      ({ claimType, defaultValue, partnerClaimType }) =>
        (partnerClaimType ?? claimType.id) === 'grant_type' && defaultValue === 'password',
    ));

export function passwordGrant({ inputs, run }: Exchange): Outputs {
  const { tenant } = run;
  const input = (name: string) => claimText(inputs.get(name) ?? '');
  const key = { name: 'username', value: input('username') };
  const account = [...tenant.accounts.values()].find(
    (candidate) => candidate.identityProvider === undefined && hasKey(candidate, key, tenant),
  );
  if (!account) throw refusal('UserMessageIfClaimsPrincipalDoesNotExist', 'AADB2C90053');
  const result = tryPassword(account, input('password'), {
    lockout: tenant.lockout,
    now: tenant.now(),
  });
  if (result !== 'right') {
    const [messageId, code] = REFUSALS[result];
    throw refusal(messageId, code);
  }
  const attribute = (name: string) => readAttributeOf(account, name, tenant);
  const outputs: [string, ClaimValue | undefined][] = [
    ['oid', account.oid],
    ['tid', tenant.id],
    ['given_name', account.givenName],
    ['family_name', account.surname],
    ['name', account.displayName],
    ['upn', attribute('userPrincipalName')],
    ['forceChangePasswordNextLogin', attribute('forceChangePasswordNextLogin')],
  ];
  return new Map(
    outputs.flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), value]])),
  );
}

const refusal = (messageId: string, code?: string): ClaimsError =>
  new ClaimsError(messageId, 'the name or the password is wrong', code ? { code } : {});

const REFUSALS = {
  wrong: ['UserMessageIfInvalidPassword', 'AADB2C90054'],
  locked: ['UserMessageIfUserAccountLocked', 'AADB2C90114'],
  disabled: ['UserMessageIfUserAccountDisabled', undefined],
} as const;
