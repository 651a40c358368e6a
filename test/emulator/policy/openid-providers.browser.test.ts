/** The form of a provider on another site brings no cookies to the tenant: only a real browser shows that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openChromium } from '../../support/chromium.js';
import { ALICE, PASSWORD, startEmulator } from '../support.js';
import { PARTNER_ID, PARTNER_SECRET, startFederation } from './federation.js';

test('a provider on another site signs users in by form_post', async (t) => {
  const browser = await openChromium(t);
  if (!browser) return;
  const provider = await startEmulator(t, {
    tenant: { domain: 'partner.onmicrosoft.com' },
    applications: [{ id: PARTNER_ID, secrets: [PARTNER_SECRET] }],
  });
  const authority = provider.authority.replace('127.0.0.1', 'localhost');
  const { url, claims } = await startFederation(t, {
    protocol: 'OpenIdConnect',
    outputs: ['partnerId PartnerClaimType="sub"', 'partnerName PartnerClaimType="name"'],
    metadata: {
      METADATA: `${authority}/B2C_1_susi/v2.0/.well-known/openid-configuration`,
      scope: 'openid',
    },
  });
  const { page, complaints } = browser;
  await page.goto(url());
  assert.equal(new URL(page.url()).hostname, 'localhost');
  await page.fill('#email', ALICE);
  await page.fill('#password', PASSWORD);
  await page.click('#next');
  await page.waitForURL('**/callback?**');
  assert.equal((await claims(new URL(page.url())))['partnerName'], 'Alice Example');
  assert.deepEqual(complaints, []);
});
