/**
 * Stands for Google, Facebook and so on: one page that signs in any user, cancels, or simulates an
 * outage. Like a real identity provider, it returns to `oauth2/authresp`.
 */
import { parseForm } from '../../http/request.ts';
import type { IdentityProvider } from '../definition/identity-provider.ts';
import { typedValue } from '../journeys/form.ts';
import { type ProviderResponse, signInWithProvider } from '../journeys/provider-sign-in.ts';
import { isEmail } from '../journeys/verification.ts';
import { linkUrl } from '../pages/page-links.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import { type Exchange, sendPage } from './exchange.ts';
import { followOutcome, seeOther } from './follow-outcome.ts';
import { requireTransaction, type Transaction } from './transaction.ts';

export async function simulatedProvider(exchange: Exchange): Promise<void> {
  const { request, query } = exchange;
  if (request.method === 'GET') {
    return showProvider(exchange, requireTransaction(exchange, query), undefined);
  }
  const form = await parseForm(request);
  const transaction = requireTransaction(exchange, form);
  const response = readResponse(form);
  if (response.kind === 'signed_in' && !isEmail(response.email)) {
    return showProvider(exchange, transaction, 'Please enter an email address.');
  }
  transaction.providerResponse = response;
  seeOther(exchange, transaction, 'oauth2/authresp');
}

function readResponse(form: URLSearchParams): ProviderResponse {
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
    fields: [
      { name: 'email', label: 'Email', type: 'email', value: '' },
      { name: 'name', label: 'Name', type: 'text', value: '' },
    ],
    known: known.map(({ email, federatedName }) => federatedName ?? email),
    error,
    formAction: linkUrl(transaction, 'oauth2/simulated-provider'),
    csrf: transaction.csrf,
  });
  sendPage(exchange, html);
}

/** The redirect URI of the identity provider. */
export function providerReturn(exchange: Exchange): void | Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const provider = requireProvider(exchange, transaction);
  const { providerResponse, journey } = transaction;
  delete transaction.providerResponse;
  const { accounts } = exchange.tenant;
  const outcome = signInWithProvider(journey, { provider, accounts }, providerResponse);
  return followOutcome(exchange, transaction, outcome);
}

function requireProvider({ tenant }: Exchange, { providerId }: Transaction): IdentityProvider {
  const { identityProviders } = tenant.definition;
  const provider = identityProviders.find(({ id }) => id === providerId);
  if (!provider) throw new B2cError('AADB2C90046');
  return provider;
}
