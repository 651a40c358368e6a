import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBrowser } from './browser.js';
import { startClient } from './client.js';
import { clientContract, missingPackage } from './client-contract.js';

const missing = missingPackage('@azure/msal-node');

clientContract('@azure/msal-node', {
  program: 'msal-node.js',
  missing,
  refreshes: true,
  needsAccessToken: false,
  // It trusts the connection and only decodes the token.
  overlooks: [
    'another issuer',
    'another audience',
    'another policy',
    'no subject',
    'an expired token',
    'a token of the future',
    'a wrong signature',
    'an unknown key',
  ],
});

// The addresses of the others are made by replacing the policy's name in those of the first, so they
// have to stand in the path, in lower case, on one host.
test('@azure/msal-node asks for the metadata of one policy only', {
  skip: missing ?? false,
}, async (t) => {
  const { url, control, stop } = await startClient('msal-node.js');
  t.after(stop);
  const browser = createBrowser();
  for (const path of ['/sign-in', '/edit-profile', '/reset-password', '/custom-policy']) {
    await browser.open(url + path);
    assert.match(browser.page.body, /<form id="/);
  }
  assert.equal(await control.count('discovery'), 1);
});
