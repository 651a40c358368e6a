import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { ALICE, authorizationUrl, PASSWORD, startEmulator } from '../support.js';
import { type Visitor, visit } from '../visitor.js';
import { ownPolicy, SIGN_UP_OR_SIGN_IN } from './own-policy.js';

const behaviors = (...elements: string[]) =>
  `<UserJourneyBehaviors>${elements.join('')}</UserJourneyBehaviors>`;

async function open(t: TestContext, more: { relyingParty?: string; pages?: string }, request = {}) {
  const { folder } = ownPolicy(t, {
    ...{ steps: SIGN_UP_OR_SIGN_IN, token: ['objectId PartnerClaimType="sub"'], ...more },
  });
  const emulator = await startEmulator(t, { customPolicies: { folder } });
  const visitor = visit(emulator);
  const start = () => visitor.open(authorizationUrl(emulator, 'B2C_1A_Own', request));
  await start();
  return { visitor, folder, start };
}

/** The two headers that decide who may show the page in a frame. */
function framing({ page: { headers } }: Visitor) {
  const [, ancestors] =
    /frame-ancestors ([^;]*)/.exec(String(headers['content-security-policy'])) ?? [];
  return [ancestors, headers['x-frame-options']];
}

describe('JourneyFraming', () => {
  const sources = 'https://shop.example https://admin.example:8443/app nonsense; javascript:x';
  const framed = (enabled: boolean) => ({
    relyingParty: behaviors(`<JourneyFraming Enabled="${enabled}" Sources="${sources}" />`),
  });
  const allowed = ['https://shop.example https://admin.example:8443', undefined];

  test('allows its sources to show pages in a frame', async (t) => {
    const { visitor } = await open(t, framed(true));
    assert.deepEqual(framing(visitor), allowed);
    await visitor.press('next', { signInName: ALICE, password: 'wrong' });
    assert.deepEqual(framing(visitor), allowed, 'a page with an error');
  });

  test('allows no frame of an identity provider', async (t) => {
    const { visitor } = await open(t, framed(true), { domain_hint: 'social.example' });
    assert.match(visitor.page.body, /simulated/);
    assert.deepEqual(framing(visitor), ["'none'", 'DENY']);
  });

  test('allows error pages and responses with form_post', async (t) => {
    const { visitor } = await open(t, framed(true), { response_mode: 'form_post' });
    await visitor.press('next', { signInName: ALICE, password: PASSWORD });
    assert.match(visitor.page.body, /name="code"/);
    assert.deepEqual(framing(visitor), allowed);
    const failed = await open(t, framed(true), { client_id: 'unknown' });
    assert.deepEqual(framing(failed.visitor), allowed);
  });

  test('allows no frame without it, or if it is not enabled', async (t) => {
    for (const more of [{}, framed(false)]) {
      const { visitor } = await open(t, more);
      assert.deepEqual(framing(visitor), ["'none'", 'DENY']);
    }
  });
});

describe('the error page', () => {
  const errorPage = (
    loadUri: string,
  ) => `<ContentDefinition Id="api.error"><LoadUri>${loadUri}</LoadUri>
    <RecoveryUri>~/common/default_page_error.html</RecoveryUri>
    <DataUri>urn:com:microsoft:aad:b2c:elements:contract:globalexception:1.2.1</DataUri></ContentDefinition>`;
  const unknown = { client_id: 'unknown' };

  test('is the file of api.error, which may run scripts if the policy allows them', async (t) => {
    const pages = errorPage('sorry.html');
    const relyingParty = behaviors('<ScriptExecution>Allow</ScriptExecution>');
    const { visitor, folder, start } = await open(t, { pages, relyingParty }, unknown);
    assert.match(
      visitor.page.body,
      /ENOENT/,
      'the file is missing: the page of the emulator says so',
    );
    const html = '<title>Sorry</title><script>x()</script><div id="api"></div>';
    writeFileSync(path.join(folder, 'sorry.html'), html);
    await start();
    const { status, body, headers } = visitor.page;
    assert.equal(status, 400);
    assert.match(body, /^<title>Sorry<\/title><script>x\(\)<\/script>/);
    assert.match(body, /id="api"[^>]*data-name="GlobalException"[\s\S]*AADB2C90018/);
    assert.match(String(headers['content-security-policy']), /script-src[^;]*'unsafe-inline'/);
  });

  test('is a page on this computer, with the parameters of the policy', async (t) => {
    const requests: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      requests.push(url);
      response.end('<h2>Our page</h2><div id="api"></div>');
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const parameter =
      '<ContentDefinitionParameters><Parameter Name="from">{OIDC:ClientId}</Parameter></ContentDefinitionParameters>';
    const { visitor } = await open(
      t,
      {
        pages: errorPage(`http://127.0.0.1:${port}/sorry`),
        relyingParty: behaviors(parameter),
      },
      unknown,
    );
    assert.match(visitor.page.body, /^<h2>Our page<\/h2>[\s\S]*AADB2C90018/);
    assert.deepEqual(requests, ['/sorry?ui_locales=en&from=unknown']);
  });

  test('has the layout of a template of Microsoft', async (t) => {
    const pages = errorPage('~/tenant/default/exception.cshtml');
    const { visitor } = await open(t, { pages }, unknown);
    assert.match(visitor.page.body, /id="panel_center"[\s\S]*AADB2C90018/);
  });
});
