/**
 * The identity provider of a technical profile. A provider on this computer gets an authorization request;
 * any other is simulated by a page. Both return to `oauth2/authresp`.
 */
import { randomBytes } from 'node:crypto';
import type { LocalPath } from '../../http/local-path.ts';
import { parseForm, requirePath } from '../../http/request.ts';
import {
  buildProviderRequest,
  isLocalProvider,
  redirectUriOf,
} from '../policy/handlers/provider-request.ts';
import { receiveProviderResponse } from '../policy/handlers/provider-response.ts';
import type { Outputs, ProviderVisit } from '../policy/run.ts';
import { completeProviderSignIn } from '../policy/run-journey.ts';
import { B2cError } from '../tokens/b2c-error.ts';
import type { Exchange } from './exchange.ts';
import { followStop } from './follow-stop.ts';
import { describeProvider } from './provider-claims.ts';
import { simulateProvider } from './simulated-provider.ts';
import {
  inTurn,
  requireOwnTransaction,
  requireTransaction,
  requireVisit,
  type Transaction,
} from './transaction.ts';

/** Sends the browser to the provider. */
export async function provider(exchange: Exchange): Promise<void> {
  const { request, query, tenant } = exchange;
  const sent = request.method === 'GET' ? query : await parseForm(request);
  const transaction = requireTransaction(exchange, sent);
  const visit = requireVisit(transaction);
  return isLocalProvider(visit.exchange.profile, tenant.outside)
    ? startProviderSignIn(exchange, transaction, visit)
    : simulateProvider(exchange, transaction, { visit, sent });
}

async function startProviderSignIn(
  exchange: Exchange,
  transaction: Transaction,
  visit: ProviderVisit,
): Promise<void> {
  const { tenant, origin, responder, response } = exchange;
  const { profile } = visit.exchange;
  const names = { tenant: tenant.definition.tenant.domain, policy: transaction.policyName };
  visit.request = {
    redirectUri: redirectUriOf(profile, { origin, ...names }),
    // As in B2C, `state` is the journey. The cookie of the browser has to match it.
    state: transaction.id,
    nonce: randomBytes(16).toString('base64url'),
  };
  const options = { request: visit.request, rest: tenant.outside.rest };
  try {
    const url = await buildProviderRequest(transaction.run.tenant, visit, options);
    responder.redirect(response, 303, url);
  } catch (error) {
    return complete(exchange, transaction, () => Promise.reject(error));
  }
}

/** The redirect URI of the provider. */
export async function providerReturn(exchange: Exchange): Promise<void> {
  const { request, responder, response, query, record } = exchange;
  if (request.method === 'POST') {
    // A form of another site brings no cookies. The redirect does.
    const path = `${requirePath(request)}?${await parseForm(request, { maxBytes: 65_536 })}`;
    return responder.redirect(response, 303, path as LocalPath);
  }
  const state = query.get('state');
  if (state === null) return simulatedReturn(exchange);
  const transaction = requireOwnTransaction({ ...exchange, ...byState(exchange, state) });
  record.policy = transaction.policyName;
  const { run } = transaction;
  return complete({ ...exchange, policy: transaction.request.policy }, transaction, (visit) =>
    receiveProviderResponse(run, visit, query),
  );
}

const byState = ({ tenant }: Exchange, state: string) => {
  const policy = tenant.transactions.get(state)?.request.policy;
  if (!policy) throw new B2cError('AADB2C90046');
  return { policy, query: new URLSearchParams({ tx: state }) };
};

function simulatedReturn(exchange: Exchange): Promise<void> {
  const transaction = requireTransaction(exchange, exchange.query);
  const { providerReply: reply } = transaction;
  delete transaction.providerReply;
  return complete(exchange, transaction, (visit) => {
    if (reply?.kind === 'signed_in') return reply.claims;
    const { name } = describeProvider(visit.exchange);
    const code = reply?.kind === 'unreachable' ? 'AADB2C90289' : 'AADB2C90273';
    throw new B2cError(code, { provider: name, reason: 'access_denied' });
  });
}

async function complete(
  exchange: Exchange,
  transaction: Transaction,
  receive: (visit: ProviderVisit) => Outputs | Promise<Outputs>,
): Promise<void> {
  requireVisit(transaction);
  const { run } = transaction;
  const stop = await inTurn(transaction, () => completeProviderSignIn(run, receive));
  return followStop(exchange, transaction, stop);
}
