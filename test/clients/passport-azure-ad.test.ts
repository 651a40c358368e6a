import assert from 'node:assert/strict';
import { test } from 'node:test';
import { request } from 'undici';
import { API_URI, CLIENT_ID, CLIENT_SECRET, type RunningClient, startClient } from './client.js';
import { clientContract, missingPackage } from './client-contract.js';

const missing = missingPackage('passport-azure-ad');

clientContract('passport-azure-ad', {
  program: 'passport-azure-ad.js',
  missing,
  refreshes: false,
  needsAccessToken: false,
  // The only one that looks at the policy.
  overlooks: [],
});

const calls = {
  'a token with the scope opens the API': { scope: 'tasks.read', status: 200 },
  'a token with another scope does not': { scope: 'tasks.write', status: 401 },
};

test('passport-azure-ad in front of an API', { skip: missing ?? false }, async (t) => {
  const client = await startClient('passport-azure-ad.js');
  t.after(client.stop);
  for (const [title, { scope, status }] of Object.entries(calls)) {
    await t.test(title, async () => {
      const token = await accessToken(client, `${API_URI}/${scope}`);
      const headers = { authorization: `Bearer ${token}` };
      const answer = await request(`${client.url}/api`, { headers });
      const text = await answer.body.text();
      assert.equal(answer.statusCode, status, text);
      if (status === 200) assert.equal(JSON.parse(text).scp, scope);
    });
  }
});

/** Signs in by script, and redeems the code as any client would. */
async function accessToken({ control, emulator }: RunningClient, scope: string): Promise<string> {
  const policy = `${emulator.authority}/B2C_1_susi/oauth2/v2.0`;
  const asked = {
    client_id: CLIENT_ID,
    redirect_uri: 'http://localhost/callback',
    scope: `openid ${scope}`,
  };
  const query = new URLSearchParams({ ...asked, response_type: 'code' });
  const location = await control.authorize(`${policy}/authorize?${query}`, {
    as: 'ada@example.com',
  });
  const answer = await request(`${policy}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...asked,
      grant_type: 'authorization_code',
      client_secret: CLIENT_SECRET,
      code: new URL(location).searchParams.get('code') ?? '',
    }).toString(),
  });
  return ((await answer.body.json()) as { access_token: string }).access_token;
}
