import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { GOOD_CHAIN } from '../policy-files/good-chain.js';
import {
  ALICE,
  authorizationUrl,
  claimsOf,
  codeOf,
  PASSWORD,
  requestToken,
  signIn,
  startEmulator,
} from '../support.js';
import { choose, visit } from '../visitor.js';
import { JOIN, startClub } from './club.js';

const POLICY = 'B2C_1A_EditProfile';

/** A REST API and a web server for pages, both on loopback. */
async function startServer(t: TestContext) {
  const requests: { url: string; authorization: string; body: string }[] = [];
  const record = async (request: IncomingMessage) => {
    const { url = '', headers } = request;
    const body = await text(request);
    requests.push({ url, authorization: headers.authorization ?? '', body });
    return url.startsWith('/loyalty');
  };
  const server = createServer(async (request, response) => {
    const isApi = await record(request);
    response.setHeader('content-type', isApi ? 'application/json' : 'text/html');
    response.end(
      isApi ? '{"number":"4711"}' : '<!doctype html><body id="shop"><div id="api"></div></body>',
    );
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function openProfile(t: TestContext, rest: Record<string, string>) {
  const emulator = await startEmulator(t, {
    customPolicies: { folder: GOOD_CHAIN, rest, keys: { B2C_1A_LoyaltyUser: 'shop' } },
  });
  const visitor = visit(emulator);
  await visitor.open(authorizationUrl(emulator, POLICY));
  await choose(visitor, 'LocalForProfile');
  return { emulator, visitor };
}

test('REST calls and page contents go to the local addresses that stand for them', async (t) => {
  const { url, requests } = await startServer(t);
  const rest = { 'https://api.example.com': url, 'https://pages.example.com/': `${url}/pages` };
  const { emulator, visitor } = await openProfile(t, rest);
  assert.match(visitor.page.body, /<body id="shop">[\s\S]*<form id="attributeVerification"/);
  assert.equal(requests[0]?.url, '/pages/form.html?ui_locales=en');
  await visitor.press('continue', { signInName: ALICE, password: PASSWORD });
  await visitor.press('continue', { favorite: 'tea' });
  const { body } = await requestToken(emulator, POLICY, { code: codeOf(visitor.left()) });
  assert.equal(claimsOf(body['id_token'])['loyalty'], '4711');
  const call = requests.find((request) => request.url === '/loyalty');
  assert.match(String(call?.body), /"objectId":"f0b6e55f/);
  const [name] = Buffer.from(call?.authorization.slice(6) ?? '', 'base64')
    .toString()
    .split(':');
  assert.equal(name, 'shop', 'the key that is given; the other is made up');
});

test('an address that nothing stands for is an error that says which entry is missing', async (t) => {
  const { visitor } = await openProfile(t, {});
  assert.match(
    visitor.page.body,
    /https:\/\/pages\.example\.com\/form\.html is not on this computer/,
  );
  await visitor.press('continue', { signInName: ALICE, password: PASSWORD });
  await visitor.press('continue', { favorite: 'tea' });
  const error = visitor.left().searchParams.get('error_description') ?? '';
  assert.match(error, /^AADB2C90037: .*"rest": \{ "https:\/\/api\.example\.com"/s);
});

test('a scripted sign-in has the claims of the relying party', async (t) => {
  const emulator = await startClub(t);
  const location = await signIn(emulator, JOIN, { claims: { sport: 'chess' } });
  const { body } = await requestToken(emulator, JOIN, { code: codeOf(location) });
  const { sub, name, email, sport, acr } = claimsOf(body['id_token']);
  assert.deepEqual([name, email, sport, acr], ['Alice Example', ALICE, 'chess', 'b2c_1a_join']);
  assert.equal(sub, 'f0b6e55f-0000-4000-8000-00000000e001');
});
