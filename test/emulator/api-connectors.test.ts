import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, beforeEach, describe, type TestContext, test } from 'node:test';
import type { PolicyOptions } from '../../dist/emulator/definition/policy.js';
import {
  ALICE,
  authorizationUrl,
  claimsOf,
  codeOf,
  type Json,
  PASSWORD,
  requestToken,
  startEmulator,
} from './support.js';
import { textOf, type Visitor, visit } from './visitor.js';

const POLICY = 'B2C_1_connected';
const received: { authorization: string | undefined; body: Json }[] = [];
let answer: { status: number; body: object };

const api = http.createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Json;
  received.push({ authorization: request.headers.authorization, body });
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer.body));
});
await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
after(() => api.close());
const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/api`;

beforeEach(() => {
  received.length = 0;
  answer = { status: 200, body: { version: '1.0.0', action: 'Continue' } };
});

async function open(t: TestContext, more: Partial<PolicyOptions>, parameters = {}) {
  const page = { emailVerification: 'none' } as const;
  const emulator = await startEmulator(t, {
    policies: [{ name: POLICY, page, attributes: ['displayName', 'city'], ...more }],
  });
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, POLICY, parameters));
  return { emulator, visitor };
}

const CAROL = {
  email: 'carol@example.com',
  newPassword: 'Another#1',
  reenterPassword: 'Another#1',
  displayName: 'carol',
  city: 'Palma',
};

const signIn = (visitor: Visitor) => visitor.press('next', { email: ALICE, password: PASSWORD });

describe('the API connector before the account is created', () => {
  const apiConnectors = { beforeCreatingUser: { url, username: 'api', password: 'pw' } };
  const signUp = async (t: TestContext) => {
    const opened = await open(t, { kind: 'signUp', apiConnectors });
    await opened.visitor.press('continue', CAROL);
    return opened;
  };

  test('gets the claims of the page with basic authentication, and never the password', async (t) => {
    await signUp(t);
    const [call] = received;
    assert.equal(call?.authorization, `Basic ${Buffer.from('api:pw').toString('base64')}`);
    const { client_id: clientId, ui_locales: uiLocales, ...claims } = call?.body ?? {};
    assert.deepEqual(claims, {
      step: 'PostAttributeCollection',
      email: CAROL.email,
      displayName: 'carol',
      city: 'Palma',
    });
    assert.deepEqual([typeof clientId, typeof uiLocales], ['string', 'string']);
  });

  test('overwrites what the user typed', async (t) => {
    answer.body = { version: '1.0.0', action: 'Continue', displayName: 'Carol' };
    const { emulator, visitor } = await signUp(t);
    const { body } = await requestToken(emulator, POLICY, { code: codeOf(visitor.left()) });
    const { name, city } = claimsOf(body['id_token']);
    assert.deepEqual([name, city], ['Carol', 'Palma']);
  });

  test('shows a validation error on the page, and the user can try again', async (t) => {
    const userMessage = 'This city is too far away.';
    answer = {
      status: 400,
      body: { version: '1.0.0', status: 400, action: 'ValidationError', userMessage },
    };
    const { visitor } = await signUp(t);
    assert.equal(textOf(visitor.page.body, 'claimVerificationServerError'), userMessage);
    answer = { status: 200, body: {} };
    await visitor.press('continue', CAROL);
    assert.ok(codeOf(visitor.left()));
  });

  test('blocks the user on a page of the tenant, without an account', async (t) => {
    const userMessage = 'Your request is waiting for approval.';
    answer.body = { version: '1.0.0', action: 'ShowBlockPage', userMessage };
    const { emulator, visitor } = await signUp(t);
    assert.equal(visitor.page.status, 200);
    assert.match(visitor.page.body, new RegExp(userMessage));
    const accounts = await (await fetch(`${emulator.url}/_emulator/accounts`)).text();
    assert.doesNotMatch(accounts, /carol/);
  });

  test('ends the sign-up with an error if the address is on another computer', async (t) => {
    const remote = { beforeCreatingUser: { url: 'https://api.example.com/' } };
    const { visitor } = await open(t, { kind: 'signUp', apiConnectors: remote });
    await visitor.press('continue', CAROL);
    const description = visitor.left().searchParams.get('error_description') ?? '';
    assert.match(description, /^AADB2C90037: .*not on this computer/);
  });
});

test('the API connector before the token adds claims to it, and changes no account', async (t) => {
  answer.body = { version: '1.0.0', action: 'Continue', city: 'Vigo' };
  const { emulator, visitor } = await open(t, { apiConnectors: { beforeToken: { url } } });
  await signIn(visitor);
  assert.equal(received[0]?.body['step'], 'PreTokenIssuance');
  const { body } = await requestToken(emulator, POLICY, { code: codeOf(visitor.left()) });
  assert.equal(claimsOf(body['id_token'])['city'], 'Vigo');
  const accounts = await (await fetch(`${emulator.url}/_emulator/accounts`)).text();
  assert.doesNotMatch(accounts, /Vigo/);
});

describe('API connectors get the identities of the user', () => {
  const gina = [
    { signInType: 'federated', issuer: 'google.com', issuerAssignedId: 'gina@gmail.example' },
  ];
  const connectors = {
    ...{ afterFederation: { url }, beforeCreatingUser: { url }, beforeToken: { url } },
  };

  test('at an identity provider, before and after there is an account', async (t) => {
    const settings = { identityProviders: ['GoogleExchange'], apiConnectors: connectors };
    const { visitor } = await open(t, settings, { domain_hint: 'google.com' });
    await visitor.press('continue', { email: 'gina@gmail.example', name: 'Gina' });
    await visitor.press('continue', { city: 'Palma' });
    assert.deepEqual(
      received.map(({ body }) => [body['step'], body['identities']]),
      [
        ['PostFederationSignup', gina],
        ['PostAttributeCollection', gina],
        ['PreTokenIssuance', gina],
      ],
    );
  });

  test('in the directory, for a local account', async (t) => {
    const { visitor } = await open(t, { apiConnectors: { beforeToken: { url } } });
    await signIn(visitor);
    const issuer = 'fabrikamb2c.onmicrosoft.com';
    assert.deepEqual(received[0]?.body['identities'], [
      { signInType: 'emailAddress', issuer, issuerAssignedId: ALICE },
    ]);
  });
});

test('the API connector after federation fills in the sign-up page of a new user only', async (t) => {
  answer.body = { version: '1.0.0', action: 'Continue', city: 'Vigo' };
  const settings = {
    identityProviders: ['GoogleExchange'],
    apiConnectors: { afterFederation: { url } },
  };
  const { visitor } = await open(t, settings, { domain_hint: 'google.com' });
  await visitor.press('continue', { email: 'gina@gmail.example', name: 'Gina' });
  assert.deepEqual(received.at(-1)?.body['step'], 'PostFederationSignup');
  assert.match(visitor.page.body, /id="city"[^>]*value="Vigo"/);
});
