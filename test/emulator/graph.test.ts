/** The small Microsoft Graph of the emulator. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Emulator, EmulatorOptions } from '../../dist/emulator/emulator.js';
import type { Scope } from '../support/shared.js';
import { CLUB, JOIN } from './policy/club.js';
import {
  ALICE,
  authorizationUrl,
  CLIENT_ID,
  claimsOf,
  codeOf,
  type Json,
  requestToken,
  startEmulator,
  tokensOf,
} from './support.js';
import { visit } from './visitor.js';

const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
const DOMAIN = 'fabrikamb2c.onmicrosoft.com';
const LOYALTY = 'extension_f0b6e55f00004000800000000000a0ee_Loyalty';
const ALICE_OID = 'f0b6e55f-0000-4000-8000-00000000e001';
const NEW_PASSWORD = 'Correct-horse-1';

interface Answer {
  status: number;
  body: Json;
}

interface Graph {
  emulator: Emulator;
  call(method: string, path: string, body?: object): Promise<Answer>;
}

async function requestGraphToken(
  { authority }: Pick<Emulator, 'authority'>,
  change: Record<string, string> = {},
): Promise<Answer> {
  const parameters = {
    grant_type: 'client_credentials',
    client_id: CLIENT_ID,
    client_secret: 'emulator-secret',
    scope: GRAPH_SCOPE,
    ...change,
  };
  const url = `${authority}/oauth2/v2.0/token`;
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) });
  return { status: response.status, body: (await response.json()) as Json };
}

async function callGraph(url: string, method: string, token: unknown, body?: object) {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
}

async function startGraph(t: Scope, options: EmulatorOptions = {}): Promise<Graph> {
  const emulator = await startEmulator(t, options);
  const { body } = await requestGraphToken(emulator);
  return {
    emulator,
    call: (method, path, sent) =>
      callGraph(`${emulator.url}/v1.0/${path}`, method, body['access_token'], sent),
  };
}

const identity = (signInType: string, issuerAssignedId: string, issuer = DOMAIN) => ({
  ...{ signInType, issuer, issuerAssignedId },
});

const EVE = {
  displayName: 'Eve Example',
  accountEnabled: true,
  identities: [identity('emailAddress', 'eve@example.com')],
  passwordProfile: { password: NEW_PASSWORD, forceChangePasswordNextSignIn: false },
  passwordPolicies: 'DisablePasswordExpiration',
  [LOYALTY]: 'gold',
};

async function signInAs(emulator: Emulator, policy: string, fields: Record<string, string>) {
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, policy));
  await visitor.press('next', { ...fields, password: NEW_PASSWORD });
  const { body } = await requestToken(emulator, policy, { code: codeOf(visitor.left()) });
  return claimsOf(body['id_token']);
}

const messageOf = ({ body }: Answer): string =>
  String((body['error'] as { message?: string } | undefined)?.message);

const listOf = ({ body }: Answer) => body['value'] as Json[];

test('a created user signs in through a user flow', async (t) => {
  const { emulator, call } = await startGraph(t);
  const { status, body } = await call('POST', 'users', EVE);
  assert.equal(status, 201);
  const claims = await signInAs(emulator, 'B2C_1_susi', { email: 'eve@example.com' });
  assert.equal(claims['oid'], body['id']);
  assert.equal(claims['name'], 'Eve Example');
  assert.equal(claims['extension_Loyalty'], 'gold');
});

test('a created user signs in through a custom policy from XML', async (t) => {
  const { emulator, call } = await startGraph(t, { customPolicies: { folder: CLUB } });
  const { status } = await call('POST', 'users', EVE);
  assert.equal(status, 201);
  const claims = await signInAs(emulator, JOIN, { signInName: 'eve@example.com' });
  assert.equal(claims['email'], 'eve@example.com');
});

test('a user can have a user name and an identity at a provider', async (t) => {
  const policies = [{ name: 'B2C_1_names', signInName: 'userName' as const }];
  const { emulator, call } = await startGraph(t, { policies });
  const identities = [
    identity('userName', 'eve'),
    identity('federated', '10001', 'google.com'),
    identity('userPrincipalName', `eve@${DOMAIN}`),
  ];
  const { body } = await call('POST', 'users', { ...EVE, identities });
  const claims = await signInAs(emulator, 'B2C_1_names', { UserId: 'eve' });
  assert.equal(claims['oid'], body['id']);
  assert.equal(claims['emails'], undefined);
  const read = await call('GET', `users/${body['id']}?$select=identities`);
  assert.deepEqual(
    new Set(read.body['identities'] as Json[]),
    new Set([identities[0], identities[2], identities[1]]),
  );
});

const filters: Record<string, string> = {
  'an email address': `identities/any(c:c/issuerAssignedId eq '${ALICE}' and c/issuer eq '${DOMAIN}')`,
  'an issuer, then a name': `identities/any(x:x/issuer eq '${DOMAIN}' and x/issuerAssignedId eq 'ALICE@example.com')`,
  mail: `mail eq '${ALICE}'`,
  'a user principal name': `userPrincipalName eq '${ALICE_OID}@${DOMAIN}'`,
  'two properties': `givenName eq 'Alice' and accountEnabled eq true`,
  'a text with a quotation mark': `streetAddress eq 'and 7, O''Connell (East)'`,
};
for (const [name, filter] of Object.entries(filters)) {
  test(`$filter finds a user by ${name}`, async (t) => {
    const { call } = await startGraph(t);
    await call('PATCH', `users/${ALICE_OID}`, { streetAddress: "and 7, O'Connell (East)" });
    const answer = await call('GET', `users?$filter=${encodeURIComponent(filter)}&$select=id`);
    assert.deepEqual(listOf(answer), [{ id: ALICE_OID }]);
  });
}

test('$filter finds none for another issuer', async (t) => {
  const { call } = await startGraph(t);
  const filter = `identities/any(c:c/issuerAssignedId eq '${ALICE}' and c/issuer eq 'google.com')`;
  assert.deepEqual(listOf(await call('GET', `users?$filter=${encodeURIComponent(filter)}`)), []);
});

test('without $select, a user has the properties that Graph returns by default', async (t) => {
  const { call } = await startGraph(t);
  const { body } = await call('GET', `users/${ALICE_OID.toUpperCase()}`);
  assert.deepEqual(Object.keys(body), [
    '@odata.context',
    ...['displayName', 'givenName', 'id', 'jobTitle', 'mail', 'mobilePhone', 'officeLocation'],
    ...['preferredLanguage', 'surname', 'userPrincipalName'],
  ]);
});

test('a list has pages of $top users', async (t) => {
  const { emulator, call } = await startGraph(t);
  for (const name of ['c', 'd', 'e']) {
    const identities = [identity('emailAddress', `${name}@example.com`)];
    await call('POST', 'users', { ...EVE, displayName: name, identities });
  }
  const names: unknown[] = [];
  let path: string | undefined = 'users?$top=2&$select=displayName&$count=true';
  let pages = 0;
  while (path) {
    const { body } = await call('GET', path);
    assert.equal(body['@odata.count'], 5);
    names.push(...(body['value'] as Json[]).map(({ displayName }) => displayName));
    path = (body['@odata.nextLink'] as string | undefined)?.slice(`${emulator.url}/v1.0/`.length);
    pages += 1;
  }
  assert.deepEqual(names, ['Alice Example', 'Bob Example', 'c', 'd', 'e']);
  assert.equal(pages, 3);
});

test('a change is in the next token, and null removes a value', async (t) => {
  const { emulator, call } = await startGraph(t);
  const change = { displayName: 'Alice Changed', city: 'Palma', givenName: null };
  assert.equal((await call('PATCH', `users/${ALICE_OID}`, change)).status, 204);
  const claims = claimsOf((await tokensOf(emulator))['id_token']);
  assert.equal(claims['name'], 'Alice Changed');
  assert.equal(claims['city'], 'Palma');
  assert.equal(claims['given_name'], undefined);
});

test('a new password revokes the refresh tokens, and accountEnabled false ends sign-in', async (t) => {
  const { emulator, call } = await startGraph(t);
  const { refresh_token: refreshToken } = await tokensOf(emulator);
  await call('PATCH', `users/${ALICE_OID}`, { passwordProfile: { password: NEW_PASSWORD } });
  const grant = { grant_type: 'refresh_token', refresh_token: String(refreshToken) };
  const { body } = await requestToken(emulator, 'B2C_1_susi', grant);
  assert.match(String(body['error_description']), /AADB2C90129/);
  assert.equal((await signInAs(emulator, 'B2C_1_susi', { email: ALICE }))['oid'], ALICE_OID);
  await call('PATCH', `users/${ALICE_OID}`, { accountEnabled: false });
  await assert.rejects(signInAs(emulator, 'B2C_1_susi', { email: ALICE }), /still on a page/);
});

test('a deleted user is gone', async (t) => {
  const { call } = await startGraph(t);
  assert.equal((await call('DELETE', `users/${ALICE_OID}`)).status, 204);
  assert.equal((await call('GET', `users/${ALICE_OID}`)).status, 404);
  assert.equal((await call('DELETE', `users/${ALICE_OID}`)).status, 404);
});

const invalid: Record<string, [change: Json, message: RegExp]> = {
  'without a name': [{ displayName: undefined }, /'displayName'/],
  'without identities': [{ identities: undefined }, /'identities' or 'userPrincipalName'/],
  'without a password': [{ passwordProfile: undefined }, /'passwordProfile'/],
  'with a weak password': [{ passwordProfile: { password: 'weak' } }, /complexity/],
  'with the name of another user': [
    { identities: [identity('emailAddress', ALICE.toUpperCase())] },
    /already exists/,
  ],
  'with another issuer': [
    { identities: [identity('emailAddress', 'eve@example.com', 'other.onmicrosoft.com')] },
    /issuer of a local identity has to be fabrikamb2c/,
  ],
  'with an unknown sign-in type': [
    { identities: [identity('magic', 'eve')] },
    /emailAddress, userName/,
  ],
  'with an unknown property': [{ shoeSize: 42 }, /'shoeSize' does not exist/],
  'with an extension of another application': [
    { [`extension_${'0'.repeat(32)}_Loyalty`]: 'gold' },
    /f0b6e55f00004000800000000000a0ee/,
  ],
  'with an ID': [{ id: ALICE_OID }, /'id' is read-only/],
};
for (const [name, [change, message]] of Object.entries(invalid)) {
  test(`a user ${name} is rejected with 400, and nothing is created`, async (t) => {
    const { call } = await startGraph(t);
    const answer = await call('POST', 'users', { ...EVE, ...change });
    assert.equal(answer.status, 400);
    assert.match(messageOf(answer), message);
    assert.equal(listOf(await call('GET', 'users')).length, 2);
  });
}

test('an invalid change changes nothing', async (t) => {
  const { call } = await startGraph(t);
  const change = { displayName: 'Changed', passwordProfile: { password: 'weak' } };
  assert.equal((await call('PATCH', `users/${ALICE_OID}`, change)).status, 400);
  const { body } = await call('GET', `users/${ALICE_OID}`);
  assert.equal(body['displayName'], 'Alice Example');
});

const absent: [method: string, path: string][] = [
  ['GET', 'me'],
  ['GET', 'groups'],
  ['GET', `users/${ALICE_OID}/memberOf`],
  ['PUT', `users/${ALICE_OID}`],
  ['GET', 'users?$orderby=displayName'],
  ['GET', "users?$filter=startsWith(displayName,'A')"],
  ['GET', "users?$filter=displayName eq 'A' or displayName eq 'B'"],
];
for (const [method, path] of absent) {
  test(`${method} ${path} gets 501, which names what there is`, async (t) => {
    const answer = await (await startGraph(t)).call(method, path);
    assert.equal(answer.status, 501);
    assert.match(messageOf(answer), /GET, PATCH and DELETE \/v1\.0\/users\/\{id\}/);
  });
}

test('Graph rejects tokens of users, changed tokens, expired tokens and none', async (t) => {
  const { emulator } = await startGraph(t);
  const { body } = await requestGraphToken(emulator);
  const token = String(body['access_token']);
  const statusOf = async (sent: unknown) =>
    (await callGraph(`${emulator.url}/v1.0/users`, 'GET', sent)).status;
  assert.equal(await statusOf(token), 200);
  const ofUser = await tokensOf(emulator);
  assert.equal(await statusOf(ofUser['access_token']), 401);
  assert.equal(await statusOf(`${token.slice(0, -8)}AAAAAAAA`), 401);
  assert.equal(await statusOf(''), 401);
  await fetch(`${emulator.url}/_emulator/clock`, {
    method: 'POST',
    body: JSON.stringify({ offsetSeconds: 3600 }),
  });
  assert.equal(await statusOf(token), 401);
});

test('an application without the permission to write gets 403', async (t) => {
  const permissions = ['https://graph.microsoft.com/User.Read.All'];
  const applications = [{ id: CLIENT_ID, secrets: ['emulator-secret'], permissions }];
  const { call } = await startGraph(t, { applications });
  assert.equal((await call('GET', 'users')).status, 200);
  assert.equal((await call('DELETE', `users/${ALICE_OID}`)).status, 403);
});

const refused: Record<string, [change: Record<string, string>, code: string]> = {
  'a wrong secret': [{ client_secret: 'wrong' }, 'invalid_client AADSTS7000215'],
  'another scope': [{ scope: `${CLIENT_ID}/.default` }, 'invalid_request AADSTS70011'],
  'another grant': [{ grant_type: 'authorization_code' }, 'unsupported_grant_type AADSTS70003'],
};
for (const [name, [change, expected]] of Object.entries(refused)) {
  test(`the token endpoint of the tenant rejects ${name} with ${expected}`, async (t) => {
    const { status, body } = await requestGraphToken(await startEmulator(t), change);
    const [code] = String(body['error_description']).split(':');
    assert.deepEqual([status, `${body['error']} ${code}`], [400, expected]);
  });
}

test('a policy has no tokens for Graph', async (t) => {
  const grant = { grant_type: 'client_credentials', scope: GRAPH_SCOPE, redirect_uri: undefined };
  const { body } = await requestToken(await startEmulator(t), 'B2C_1_susi', grant);
  assert.match(String(body['error_description']), /AADB2C90117/);
});

test('an External ID tenant has Graph at its token endpoint', async (t) => {
  const emulator = await startEmulator(t, { tenant: { kind: 'external-id' } });
  const { tenant, url } = emulator;
  const { body } = await requestGraphToken({ authority: `${url}/${tenant.id}` });
  const answer = await callGraph(`${url}/v1.0/users`, 'GET', body['access_token']);
  assert.equal(listOf(answer).length, 2);
});
