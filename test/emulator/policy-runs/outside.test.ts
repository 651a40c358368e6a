import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { restCalls } from '../../../dist/testing/testing.js';
import { claims, exchange, handler, metadata, ownPolicy, page } from '../policy/own-policy.js';

const POLICY = {
  claims: { loyalty: 'string', now: 'dateTime' },
  building: `<ClaimsTransformations><ClaimsTransformation Id="Now" TransformationMethod="GetCurrentDateTime">
    <OutputClaims><OutputClaim ClaimTypeReferenceId="now" TransformationClaimType="currentDateTime" /></OutputClaims></ClaimsTransformation></ClaimsTransformations>`,
  profiles: `${page('Ask', ['email'])}
    <TechnicalProfile Id="Loyalty"><DisplayName>Loyalty</DisplayName>${handler('RestfulProvider')}
      ${metadata({ ServiceUrl: 'https://api.example.com/loyalty', AuthenticationType: 'Basic', SendClaimsIn: 'Body' })}
      <CryptographicKeys><Key Id="BasicAuthenticationUsername" StorageReferenceId="B2C_1A_User" /><Key Id="BasicAuthenticationPassword" StorageReferenceId="B2C_1A_Secret" /></CryptographicKeys>
      ${claims('Input', 'email')}${claims('Output', 'loyalty PartnerClaimType="number"', 'now')}
      <OutputClaimsTransformations><OutputClaimsTransformation ReferenceId="Now" /></OutputClaimsTransformations></TechnicalProfile>`,
  steps: exchange(1, 'Ask') + exchange(2, 'Loyalty'),
  token: ['loyalty', 'now'],
};

const answers = [{ fill: { email: 'ada@example.com' } }];

describe('a run without the world outside', () => {
  test('takes the answers of REST APIs from functions, keys and time from the options', async (t) => {
    const headers: string[] = [];
    const result = await ownPolicy(
      t,
      POLICY,
    )({
      answers,
      rest: {
        'https://api.example.com/loyalty': (request) => {
          headers.push(request.headers['authorization'] ?? request.headers['Authorization'] ?? '');
          return { number: '4711' };
        },
      },
      keys: { B2C_1A_User: 'shop', B2C_1A_Secret: 'secret' },
      now: Date.UTC(2026, 0, 2),
    });
    assert.deepEqual(result.claims, { loyalty: '4711', now: Date.UTC(2026, 0, 2) / 1000 });
    assert.deepEqual(headers, [`Basic ${Buffer.from('shop:secret').toString('base64')}`]);
    const [call] = restCalls(result);
    assert.equal(call?.profile, 'Loyalty');
    assert.deepEqual(JSON.parse(call?.body ?? ''), { email: 'ada@example.com' });
    assert.doesNotMatch(JSON.stringify(result.trace), /c2hvcDpzZWNyZXQ/);
  });

  test('ends with the status and message of a REST API', async (t) => {
    const stub = () => ({ status: 409, body: { version: '1.0', status: 409, userMessage: 'No.' } });
    const run = ownPolicy(t, POLICY);
    const { error } = await run({ answers, rest: { 'https://api.example.com': stub } });
    assert.equal(error?.message, 'No.');
  });

  test('names the entry that a REST API on another computer needs', async (t) => {
    const { error } = await ownPolicy(t, POLICY)({ answers });
    assert.match(error?.message ?? '', /https:\/\/api\.example\.com.* "rest"/);
  });
});
