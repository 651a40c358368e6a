/** A plain OAuth 2.0 server is the provider of a custom policy. */
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { admin, errorOf } from '../support.js';
import { listen, PARTNER_ID, PARTNER_SECRET, startFederation } from './federation.js';

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  headers: IncomingMessage['headers'];
}

const TOKENS = { access_token: 'the-access-token', token_type: 'bearer', expires_in: 3600 };
const USER = { id: 4711, name: 'Ada', picture: { url: 'https://a.example/ada.png' } };

/** Signs everyone in at once, unless `answers` has another response for a path. */
async function start(
  t: TestContext,
  {
    metadata = {},
    outputs = [],
    answers = {},
  }: {
    metadata?: Record<string, string>;
    outputs?: readonly string[];
    answers?: Record<string, { status?: number; body: string; type?: string }>;
  } = {},
) {
  const calls: Call[] = [];
  const provider = await listen(t, async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://127.0.0.1');
    const form = new URLSearchParams(await text(request));
    const { method = '', headers } = request;
    calls.push({ method, path: pathname, query, form, headers });
    if (pathname === '/authorize') {
      const back = new URL(query.get('redirect_uri') ?? '');
      const result = answers['/authorize']?.body ?? 'code=the-code';
      back.search = `${result}&state=${encodeURIComponent(query.get('state') ?? '')}`;
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const {
      status = 200,
      body,
      type = 'application/json',
    } = answers[pathname] ?? {
      body: JSON.stringify(pathname === '/token' ? TOKENS : USER),
    };
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  const federation = await startFederation(t, {
    protocol: 'OAuth2',
    outputs: ['partnerId PartnerClaimType="id"', 'partnerName PartnerClaimType="name"', ...outputs],
    metadata: {
      authorization_endpoint: `${provider}/authorize?fixed=1`,
      AccessTokenEndpoint: `${provider}/token`,
      ClaimsEndpoint: `${provider}/me?fields=id,name`,
      scope: 'email public_profile',
      ...metadata,
    },
  });
  return { ...federation, calls };
}

test('a code is redeemed by POST, and the token is a query parameter of the claims endpoint', async (t) => {
  const { open, claims, calls } = await start(t);
  await open();
  const { sub, partnerName } = await claims();
  assert.deepEqual([sub, partnerName], ['4711', 'Ada']);
  const [authorize, token, me] = calls;
  assert.equal(authorize?.query.get('fixed'), '1');
  assert.equal(authorize?.query.get('scope'), 'email public_profile');
  assert.equal(authorize?.query.get('nonce'), null);
  assert.equal(authorize?.query.get('response_mode'), null);
  assert.deepEqual(Object.fromEntries(token?.form ?? []), {
    ...{ grant_type: 'authorization_code', code: 'the-code', client_id: PARTNER_ID },
    client_secret: PARTNER_SECRET,
    redirect_uri: authorize?.query.get('redirect_uri'),
  });
  assert.equal(me?.query.get('access_token'), 'the-access-token');
  assert.equal(me?.query.get('fields'), 'id,name');
});

test('HttpBinding GET sends the token request in the query', async (t) => {
  const { open, claims, calls } = await start(t, { metadata: { HttpBinding: 'GET' } });
  await open();
  await claims();
  const { method, query } = calls[1] ?? {};
  assert.deepEqual([method, query?.get('code')], ['GET', 'the-code']);
});

const bearers: [Record<string, string>, (call: Call) => unknown][] = [
  [{ ClaimsEndpointAccessTokenName: 'oauth_token' }, ({ query }) => query.get('oauth_token')],
  [
    { BearerTokenTransmissionMethod: 'AuthorizationHeader' },
    ({ headers, query }) =>
      `${headers.authorization?.replace('Bearer ', '')}${query.get('access_token') ?? ''}`,
  ],
  [
    { BearerTokenTransmissionMethod: 'RequestBody' },
    ({ form, method }) => (method === 'POST' ? form.get('access_token') : method),
  ],
];

for (const [metadata, tokenIn] of bearers) {
  test(`the claims endpoint gets the token with ${JSON.stringify(metadata)}`, async (t) => {
    const { open, claims, calls } = await start(t, { metadata });
    await open();
    await claims();
    const [, , me] = calls;
    assert.ok(me);
    assert.equal(tokenIn(me), 'the-access-token');
  });
}

test('format and user agent of the claims endpoint', async (t) => {
  const { open, claims, calls } = await start(t, {
    metadata: {
      ...{ ClaimsEndpointFormatName: 'format', ClaimsEndpointFormat: 'json' },
      UserAgentForClaimsExchange: 'CPIM-Basic/{tenant}/{policy}',
    },
  });
  await open();
  await claims();
  const { query, headers } = calls[2] ?? {};
  assert.equal(query?.get('format'), 'json');
  assert.equal(headers?.['user-agent'], 'CPIM-Basic/fabrikamb2c.onmicrosoft.com/B2C_1A_Own');
});

test('claims come from paths in the JSON, and tokens from the token response', async (t) => {
  const { open, claims, emulator } = await start(t, {
    metadata: { ResolveJsonPathsInJsonTokens: 'true' },
    outputs: [
      'partnerMail PartnerClaimType="picture.url"',
      'partnerToken PartnerClaimType="{oauth2:access_token}"',
    ],
    answers: {
      '/token': {
        body: 'access_token=the-access-token&expires=5',
        type: 'application/x-www-form-urlencoded',
      },
    },
  });
  await open();
  const { partnerMail, partnerToken } = await claims();
  assert.deepEqual([partnerMail, partnerToken], [USER.picture.url, 'the-access-token']);
  const { body } = await admin(emulator, 'GET', 'traces');
  const [{ id }] = body['traces'] as [{ id: string }];
  const trace = JSON.stringify((await admin(emulator, 'GET', `traces/${id}`)).body);
  assert.match(trace, /\/me\?fields=id,name/);
  assert.doesNotMatch(trace, /the-access-token|the-code|a\+secret/);
});

const errors: [string, Parameters<typeof start>[1], string][] = [
  [
    'error of the user',
    { answers: { '/authorize': { body: 'error=access_denied' } } },
    'access_denied AADB2C90273',
  ],
  [
    'error of the token endpoint',
    { answers: { '/token': { status: 400, body: '{"error":"invalid_grant"}' } } },
    'access_denied AADB2C90273',
  ],
  [
    'rejected secret',
    { answers: { '/token': { status: 401, body: '{"error":"invalid_client"}' } } },
    'server_error AADB2C90243',
  ],
  [
    'error of the claims endpoint',
    { answers: { '/me': { status: 500, body: '' } } },
    'access_denied AADB2C90273',
  ],
  [
    'error in a response with status 200',
    {
      metadata: { ResponseErrorCodeParamName: 'errcode' },
      answers: { '/me': { body: '{"errcode":40029}' } },
    },
    'access_denied AADB2C90273',
  ],
  [
    'token endpoint on another computer',
    { metadata: { AccessTokenEndpoint: 'https://elsewhere.example/token' } },
    'server_error AADB2C90037',
  ],
  [
    'token endpoint that is down',
    { metadata: { AccessTokenEndpoint: 'http://127.0.0.1:1/token' } },
    'server_error AADB2C90289',
  ],
];

for (const [what, options, error] of errors) {
  test(`${what} ends the journey with ${error}`, async (t) => {
    const { open, left } = await start(t, options);
    await open();
    assert.equal(errorOf(left()), error);
  });
}
