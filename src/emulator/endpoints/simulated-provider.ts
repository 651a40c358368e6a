/** Stands for the identity provider of a technical profile: a page asks for the partner claims that it lists. */
import { linkUrl } from '../pages/page-links.ts';
import type { ClaimsExchange } from '../policy/policy.ts';
import type { ProviderVisit } from '../policy/run.ts';
import { type Exchange, sendPage } from './exchange.ts';
import {
  describeProvider,
  idName,
  knownUsers,
  partnerFields,
  readReply,
} from './provider-claims.ts';
import { PROVIDER, seeOther } from './show-page.ts';
import type { Transaction } from './transaction.ts';

/** The page of the provider, and its form. */
export function simulateProvider(
  exchange: Exchange,
  transaction: Transaction,
  { visit: { exchange: waiting }, sent }: { visit: ProviderVisit; sent: URLSearchParams },
): void {
  const { request, views, tenant } = exchange;
  const { profile } = waiting;
  if (request.method !== 'GET') {
    const reply = readReply(sent, profile, tenant.accounts);
    if (reply.kind !== 'incomplete') {
      transaction.providerReply = reply;
      seeOther(exchange, transaction, 'oauth2/authresp');
      return;
    }
  }
  const html = views.provider({
    provider: describeProvider(waiting),
    fields: partnerFields(profile, sent),
    known: knownUsers(profile, tenant.accounts),
    error: request.method === 'GET' ? undefined : missingId(waiting),
    formAction: linkUrl(transaction, PROVIDER),
    csrf: transaction.csrf,
  });
  // Real providers refuse to be framed, whatever the policy allows.
  sendPage(exchange, html, { framedBy: [] });
}

const missingId = ({ profile }: ClaimsExchange): string =>
  idName(profile) === 'email' ? 'Please enter an email address.' : 'Please enter who signs in.';
