/**
 * Stands for the identity provider of a technical profile. Its page asks for the partner claims that
 * the profile lists. Like a real provider, it returns to `oauth2/authresp`.
 */
import { parseForm } from '../../http/request.ts';
import { linkUrl } from '../pages/page-links.ts';
import type { ClaimsExchange } from '../policy/policy.ts';
import { completeProviderSignIn } from '../policy/run-journey.ts';
import { B2cError, type B2cErrorCode } from '../tokens/b2c-error.ts';
import { type Exchange, sendPage } from './exchange.ts';
import { endRun, followStop } from './follow-stop.ts';
import {
  describeProvider,
  idName,
  knownUsers,
  partnerFields,
  readReply,
} from './provider-claims.ts';
import { SIMULATED_PROVIDER, seeOther } from './show-page.ts';
import { inTurn, requireTransaction, type Transaction } from './transaction.ts';

/** The page of the provider, and its form. */
export async function simulatedProvider(exchange: Exchange): Promise<void> {
  const { request, query, views, tenant } = exchange;
  const sent = request.method === 'GET' ? query : await parseForm(request);
  const transaction = requireTransaction(exchange, sent);
  const waiting = requireWaiting(transaction);
  if (request.method !== 'GET') {
    const reply = readReply(sent, waiting.profile, tenant.accounts);
    if (reply.kind !== 'incomplete') {
      transaction.providerReply = reply;
      return seeOther(exchange, transaction, 'oauth2/authresp');
    }
  }
  const html = views.provider({
    provider: describeProvider(waiting),
    fields: partnerFields(waiting.profile, sent),
    known: knownUsers(waiting.profile, tenant.accounts),
    error: request.method === 'GET' ? undefined : missingId(waiting),
    formAction: linkUrl(transaction, SIMULATED_PROVIDER),
    csrf: transaction.csrf,
  });
  // Real providers refuse to be framed, whatever the policy allows.
  sendPage(exchange, html, { framedBy: [] });
}

const missingId = ({ profile }: ClaimsExchange): string =>
  idName(profile) === 'email' ? 'Please enter an email address.' : 'Please enter who signs in.';

/** The redirect URI of the provider. */
export async function providerReturn(exchange: Exchange): Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const { name: provider } = describeProvider(requireWaiting(transaction));
  const { providerReply: reply } = transaction;
  delete transaction.providerReply;
  if (reply?.kind !== 'signed_in') {
    const code: B2cErrorCode = reply?.kind === 'unreachable' ? 'AADB2C90289' : 'AADB2C90273';
    const { message } = new B2cError(code, { provider, reason: 'access_denied' });
    const outcome = { kind: 'error', code, message: message.slice(code.length + 2) } as const;
    return endRun(exchange, transaction, outcome);
  }
  const stop = await inTurn(transaction, () =>
    completeProviderSignIn(transaction.run, reply.claims),
  );
  return followStop(exchange, transaction, stop);
}

/** @throws B2cError if the journey does not wait at a provider */
function requireWaiting({ run: { waiting } }: Transaction): ClaimsExchange {
  if (waiting?.kind !== 'provider') throw new B2cError('AADB2C90046');
  return waiting.exchange;
}
