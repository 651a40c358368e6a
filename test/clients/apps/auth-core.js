import { Auth, skipCSRFCheck } from '@auth/core';
import AzureADB2C from '@auth/core/providers/azure-ad-b2c';
import express from 'express';
import {
  APP_URL,
  AUTHORITY,
  CLIENT_ID,
  CLIENT_SECRET,
  endSessionUrl,
  ISSUER,
  isCancelled,
  isForgottenPassword,
  POLICIES,
  SCOPE,
  STANDARD_ISSUER,
} from './settings.js';
import { serve } from './web.js';

// The addresses are given one by one: to find them itself, the library demands a userinfo endpoint,
// which B2C's user flows do not have.
const providers = Object.values(POLICIES).map((policy) =>
  AzureADB2C({
    id: policy,
    issuer: ISSUER,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authorization: {
      url: `${AUTHORITY}/${policy}/oauth2/v2.0/authorize`,
      params: { scope: SCOPE },
    },
    token: `${AUTHORITY}/${policy}/oauth2/v2.0/token`,
    checks: ['pkce', 'state', 'nonce'],
  }),
);

// A custom policy with a userinfo endpoint and a separate issuer needs nothing else.
providers.push(
  AzureADB2C({
    id: 'B2C_1A_standard',
    issuer: STANDARD_ISSUER,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    authorization: { params: { scope: SCOPE } },
    checks: ['pkce', 'state', 'nonce'],
  }),
);

const config = {
  providers,
  secret: 'a secret of this application, only for tests',
  basePath: '/auth',
  trustHost: true,
  // Its responses show what it rejects.
  logger: { error() {}, warn() {} },
  callbacks: {
    jwt: ({ token, account, profile }) =>
      account ? { ...token, claims: profile, idToken: account.id_token } : token,
    session: ({ session, token }) => ({ ...session, claims: token.claims, idToken: token.idToken }),
    redirect: ({ url }) => new URL(url, APP_URL).href,
  },
};

/** Hands a request to the library, as its adapters do. */
function callAuth(request, path, body) {
  const headers = new Headers({ cookie: request.headers.cookie ?? '' });
  const form = body && new URLSearchParams(body);
  const method = form ? 'POST' : 'GET';
  const options = form ? { ...config, skipCSRFCheck } : config;
  return Auth(new Request(APP_URL + path, { method, headers, body: form }), options);
}

async function send(response, answer) {
  response.status(answer.status);
  for (const cookie of answer.headers.getSetCookie()) response.append('Set-Cookie', cookie);
  const location = answer.headers.get('location');
  if (location) response.set('Location', location);
  response.send(await answer.text());
}

const app = express();

for (const [path, policy] of [
  ...Object.entries(POLICIES),
  ['/standard-policy', 'B2C_1A_standard'],
]) {
  const callbackUrl = policy === 'B2C_1_reset' ? '/sign-in' : '/';
  app.get(path, async (request, response) => {
    const query = new URLSearchParams(request.query);
    const path = `/auth/signin/${policy}?${query}`;
    await send(response, await callAuth(request, path, { callbackUrl }));
  });
}

app.get('/auth/callback/:policy', async (request, response) => {
  // The library keeps B2C's description to itself.
  const { error_description: description } = request.query;
  if (isForgottenPassword(description)) return response.redirect('/reset-password');
  if (isCancelled(description)) return response.redirect('/');
  await send(response, await callAuth(request, request.originalUrl));
});

async function sessionOf(request) {
  const answer = await callAuth(request, '/auth/session');
  return (await answer.json()) ?? {};
}

app.get('/', async (request, response) => {
  const { claims, user } = await sessionOf(request);
  response.json({ user: claims, email: user?.email });
});

app.get('/sign-out', async (request, response) => {
  const { idToken } = await sessionOf(request);
  const callbackUrl = endSessionUrl('B2C_1_susi', idToken);
  await send(response, await callAuth(request, '/auth/signout', { callbackUrl }));
});

serve(app);
