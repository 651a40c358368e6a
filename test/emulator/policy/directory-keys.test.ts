import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { claims, exchange, metadata, ownPolicy, page, validations } from './own-policy.js';

const ACCOUNT = {
  email: 'ada@example.com',
  userName: 'ada1',
  displayName: 'Ada',
  attributes: {
    'signInNames.phoneNumber': '+14255550123',
    userIdentities: [{ issuer: 'social.example', issuerUserId: 's-1' }],
  },
};

describe('a directory profile finds an account by', () => {
  const keys: [string, string][] = [
    ['signInNames.emailAddress', 'ADA@example.com'],
    ['signInNames.userName', 'ada1'],
    ['signInNames.phoneNumber', '+14255550123'],
    ['signInNames', '+14255550123'],
    ['logonIdentifier', 'ada1'],
  ];
  for (const [key, value] of keys) {
    test(key, async (t) => {
      const read = `<TechnicalProfile Id="Find">${metadata({ Operation: 'Read', RaiseErrorIfClaimsPrincipalDoesNotExist: 'true' })}
        ${claims('Input', `signInName PartnerClaimType="${key}" Required="true"`)}${claims('Output', 'displayName')}
        <IncludeTechnicalProfile ReferenceId="Directory" /></TechnicalProfile>`;
      const run = ownPolicy(t, {
        profiles: read + page('Ask', ['signInName', 'displayName'], validations('Find')),
        steps: exchange(1, 'Ask'),
        token: ['displayName'],
      });
      const found = await run({ accounts: [ACCOUNT], answers: [{ fill: { signInName: value } }] });
      assert.deepEqual(found.claims, { displayName: 'Ada' });
      const missing = await run({
        accounts: [ACCOUNT],
        answers: [{ fill: { signInName: 'eve' } }],
      });
      assert.deepEqual(missing.page?.errors, ['UserMessageIfClaimsPrincipalNotFound']);
    });
  }
});

test('accounts of a result keep their attributes in the next run', async (t) => {
  const run = ownPolicy(t, {
    profiles: page('Ask', ['displayName']),
    steps: exchange(1, 'Ask'),
    token: ['displayName'],
  });
  const { accounts } = await run({ accounts: [ACCOUNT] });
  assert.deepEqual((await run({ accounts })).accounts[0]?.attributes, ACCOUNT.attributes);
});
