import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEmulator } from './support.js';

const APPLICATIONS = [
  { id: 'spa', type: 'spa' as const, redirectUris: ['https://spa.example/callback'] },
  { id: 'web', redirectUris: ['https://web.example/callback'] },
];
const ORIGIN = 'https://spa.example';

for (const path of ['v2.0/.well-known/openid-configuration', 'discovery/v2.0/keys']) {
  test(`scripts of any origin may read ${path}`, async (t) => {
    const { authority } = await startEmulator(t, { applications: APPLICATIONS });
    const url = `${authority}/B2C_1_susi/${path}`;
    const answer = await fetch(url, { headers: { origin: 'https://any.example' } });
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  });
}

test('only registered single-page applications may read the token endpoint', async (t) => {
  const { authority } = await startEmulator(t, { applications: APPLICATIONS });
  const allowedFor = async (origin: string) => {
    const url = `${authority}/B2C_1_susi/oauth2/v2.0/token`;
    const body = new URLSearchParams({ grant_type: 'authorization_code' });
    const answer = await fetch(url, { method: 'POST', headers: { origin }, body });
    return answer.headers.get('access-control-allow-origin');
  };
  assert.equal(await allowedFor(ORIGIN), ORIGIN);
  assert.equal(await allowedFor('https://web.example'), null);
  assert.equal(await allowedFor('http://localhost:5173'), null);
});

test('a single-page application without redirect URIs accepts any loopback origin', async (t) => {
  const { authority } = await startEmulator(t);
  const answer = await fetch(`${authority}/B2C_1_susi/oauth2/v2.0/token`, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://localhost:5173',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-client-sku',
    },
  });
  assert.equal(answer.status, 204);
  assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:5173');
  assert.equal(answer.headers.get('access-control-allow-headers'), 'x-client-sku');
});

test('a preflight from another origin is rejected, and no origin may read pages', async (t) => {
  const { authority } = await startEmulator(t, { applications: APPLICATIONS });
  const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
  const preflight = await fetch(`${authority}/B2C_1_susi/oauth2/v2.0/token`, {
    method: 'OPTIONS',
    headers,
  });
  assert.equal(preflight.status, 405);
  const page = await fetch(`${authority}/B2C_1_susi/oauth2/v2.0/authorize`, {
    headers: { origin: ORIGIN },
  });
  assert.equal(page.headers.get('access-control-allow-origin'), null);
});

test('pages keep window.opener', async (t) => {
  const { authority } = await startEmulator(t);
  const { headers } = await fetch(`${authority}/B2C_1_susi/oauth2/v2.0/authorize`);
  assert.equal(headers.get('cross-origin-opener-policy'), 'unsafe-none');
  assert.equal(headers.get('cross-origin-embedder-policy'), null);
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
});
