/**
 * What stands for Google, Facebook and the like: one page where anybody can be anybody, can refuse,
 * or can find the provider out of order. It returns to `oauth2/authresp`, as real ones do.
 */
import { parseForm } from '../../http/request.ts';
import { B2cError } from '../protocol/b2c-error.ts';
import { type Exchange, sendPage } from '../protocol/exchange.ts';
import { linkAddress, type Transaction } from '../protocol/transaction.ts';
import { findFederatedAccount } from '../tenant/accounts.ts';
import type { IdentityProvider } from '../tenant/identity-provider.ts';
import { passFirstFactor } from './first-factor.ts';
import { typedValue } from './form.ts';
import { followOutcome, goToStep, leave, requireTransaction, seeOther } from './journey.ts';
import { isEmail } from './verification.ts';

/** The simulated page has its own way of saying what the provider answered. */
export type ProviderAnswer =
  | { kind: 'signed_in'; email: string; displayName: string }
  | { kind: 'refused' }
  | { kind: 'unreachable' };

export function goToProvider(exchange: Exchange, transaction: Transaction, id: string): void {
  transaction.providerId = id;
  seeOther(exchange, transaction, { path: 'oauth2/simulated-provider' });
}

export async function simulatedProvider(exchange: Exchange): Promise<void> {
  const { request, query } = exchange;
  if (request.method === 'GET') {
    return showProvider(exchange, requireTransaction(exchange, query), undefined);
  }
  const form = await parseForm(request);
  const transaction = requireTransaction(exchange, form);
  const answer = readAnswer(form);
  if (answer.kind === 'signed_in' && !isEmail(answer.email)) {
    return showProvider(exchange, transaction, 'Please enter an e-mail address.');
  }
  transaction.providerAnswer = answer;
  seeOther(exchange, transaction, { path: 'oauth2/authresp' });
}

function readAnswer(form: URLSearchParams): ProviderAnswer {
  const action = form.get('action');
  if (action === 'refuse') return { kind: 'refused' };
  if (action === 'fail') return { kind: 'unreachable' };
  const email = form.get('account') ?? typedValue(form, 'email');
  return { kind: 'signed_in', email, displayName: typedValue(form, 'name') };
}

function showProvider(
  exchange: Exchange,
  transaction: Transaction,
  error: string | undefined,
): void {
  const { tenant, views } = exchange;
  const provider = requireProvider(exchange, transaction);
  const known = [...tenant.accounts.values()].filter(
    ({ identityProvider }) => identityProvider === provider.issuer,
  );
  const html = views.provider({
    provider,
    known: known.map(({ email, federatedName }) => federatedName ?? email),
    error,
    formAction: linkAddress(transaction, 'oauth2/simulated-provider'),
    csrf: transaction.csrf,
  });
  sendPage(exchange, html);
}

/** Where the provider returns to: to the end for people who are known, to sign-up for others. */
export function providerReturn(exchange: Exchange): void | Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const provider = requireProvider(exchange, transaction);
  const { providerAnswer: answer } = transaction;
  delete transaction.providerAnswer;
  const details = { provider: provider.name, reason: 'access_denied' };
  if (answer?.kind === 'unreachable') {
    return leave(exchange, transaction, new B2cError('AADB2C90289', details));
  }
  if (answer?.kind !== 'signed_in') {
    return leave(exchange, transaction, new B2cError('AADB2C90273', details));
  }
  const { accounts } = exchange.tenant;
  const account = findFederatedAccount(accounts, provider.issuer, answer.email);
  if (account) {
    return followOutcome(exchange, transaction, passFirstFactor(transaction, account));
  }
  transaction.federatedIdentity = { issuer: provider.issuer, email: answer.email };
  transaction.values.set('displayName', answer.displayName);
  return goToStep(exchange, transaction, 'social_sign_up');
}

function requireProvider({ tenant }: Exchange, { providerId }: Transaction): IdentityProvider {
  const { identityProviders } = tenant.definition;
  const provider = identityProviders.find(({ id }) => id === providerId);
  if (!provider) throw new B2cError('AADB2C90046');
  return provider;
}
