import type { IdentityProvider } from '../definition/identity-provider.ts';
import { type Accounts, findFederatedAccount } from '../state/accounts.ts';
import { passFirstFactor } from './factors.ts';
import type { Journey, Outcome } from './journey.ts';

/** The response of a simulated identity provider. */
export type ProviderResponse =
  | { kind: 'signed_in'; email: string; displayName: string }
  | { kind: 'refused' }
  | { kind: 'unreachable' };

/** A known user continues, a new one signs up, and a failure ends the journey. */
export function signInWithProvider(
  journey: Journey,
  { provider, accounts }: { provider: IdentityProvider; accounts: Accounts },
  response: ProviderResponse | undefined,
): Outcome {
  const details = { provider: provider.name, reason: 'access_denied' };
  if (response?.kind === 'unreachable') return { kind: 'error', code: 'AADB2C90289', details };
  if (response?.kind !== 'signed_in') return { kind: 'error', code: 'AADB2C90273', details };
  const account = findFederatedAccount(accounts, provider.issuer, response.email);
  if (account) return passFirstFactor(journey, account);
  journey.federatedIdentity = { issuer: provider.issuer, email: response.email };
  journey.values.set('displayName', response.displayName);
  return { kind: 'step', step: 'social_sign_up' };
}
