import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { stepsTaken } from '../../../dist/testing/testing.js';
import {
  claims,
  exchange,
  handler,
  ownPolicy,
  page,
  SIGN_UP_OR_SIGN_IN,
  session,
  validations,
} from './own-policy.js';

const CITY = { fill: { city: 'Palma' } };

/** A page that asks for a city, with a separate session provider. */
function cityPolicy(t: TestContext, kind: string, { rest = '', profiles = '' } = {}) {
  const provider = `<TechnicalProfile Id="Session-City"><DisplayName>City</DisplayName>${handler(kind, 'SSO')}
    ${kind === 'NoopSSOSessionProvider' || kind === 'OAuthSSOSessionProvider' ? '' : claims('Persisted', 'city', 'email')}</TechnicalProfile>`;
  return ownPolicy(t, {
    claims: { city: 'string TextBox' },
    profiles: provider + profiles + page('Ask', ['city'], rest + session('Session-City')),
    steps: exchange(1, 'Ask'),
    token: ['city'],
  });
}

describe('a session provider', () => {
  const rows: [string, string, boolean][] = [
    ['DefaultSSOSessionProvider', 'skips the profile', true],
    ['ExternalLoginSSOSessionProvider', 'skips the profile', true],
    ['NoopSSOSessionProvider', 'does not skip it', false],
    ['OAuthSSOSessionProvider', 'does not skip it', false],
  ];
  for (const [kind, effect, skips] of rows) {
    test(`${kind} ${effect}`, async (t) => {
      const run = cityPolicy(t, kind);
      const first = await run({ answers: [CITY] });
      assert.equal(first.claims?.['city'], 'Palma');
      const next = await run({ session: first.session });
      assert.equal(next.outcome, skips ? 'token' : 'page');
      assert.deepEqual(next.claims, skips ? { city: 'Palma' } : undefined);
    });
  }

  test('keeps only claims that it persists and the profile puts out', async (t) => {
    const { session: kept } = await cityPolicy(t, 'DefaultSSOSessionProvider')({ answers: [CITY] });
    assert.deepEqual(kept, { 'session-city': { city: 'Palma' } });
  });

  for (const [includeInSso, expected] of [
    ['true', { city: 'Palma', email: 'k@example.com' }],
    ['false', { city: 'Palma' }],
  ] as const) {
    test(`keeps claims of a validation profile with IncludeInSso ${includeInSso}: ${Object.keys(expected)}`, async (t) => {
      const run = cityPolicy(t, 'DefaultSSOSessionProvider', {
        rest: validations('Keep'),
        profiles: `<TechnicalProfile Id="Keep"><DisplayName>Keep</DisplayName>${handler('ClaimsTransformationProtocolProvider')}
          <IncludeInSso>${includeInSso}</IncludeInSso>
          ${claims('Output', 'email DefaultValue="k@example.com"')}${session('Session-City')}</TechnicalProfile>`,
      });
      const { session: kept } = await run({ answers: [CITY] });
      assert.deepEqual(kept, { 'session-city': expected });
    });
  }

  test('is not asked with prompt=login', async (t) => {
    const run = cityPolicy(t, 'DefaultSSOSessionProvider');
    const first = await run({ answers: [CITY] });
    const answers = [{ request: { prompt: 'login' } }];
    const next = await run({ session: first.session, answers });
    assert.equal(next.outcome, 'page');
  });

  test('says in the trace what it decided', async (t) => {
    const run = cityPolicy(t, 'DefaultSSOSessionProvider');
    const first = await run({ answers: [CITY] });
    const next = await run({ session: first.session });
    const decisions = [first, next].map(({ trace }) => trace[0]?.profiles[0]?.session);
    assert.deepEqual(decisions, [
      { profile: 'Session-City', decision: 'runs' },
      { profile: 'Session-City', decision: 'skipped: the SSO session has city' },
    ]);
  });
});

describe('a session of a combined page', () => {
  const policy = {
    steps: SIGN_UP_OR_SIGN_IN,
    token: ['objectId PartnerClaimType="sub"', 'fromSession', 'identityProvider'],
  };

  test('skips the form and tells by an output claim of the provider that it was a session', async (t) => {
    const run = ownPolicy(t, policy);
    const fill = { signInName: 'alice@example.com', password: 'Pass@word1' };
    const first = await run({ answers: [{ fill }] });
    const next = await run({ session: first.session });
    assert.deepEqual(stepsTaken(next), ['Own 3']);
    assert.deepEqual(
      [first.claims?.['fromSession'], next.claims?.['fromSession']],
      [undefined, 'yes'],
    );
  });

  test('of an external login skips the choice and the provider', async (t) => {
    const run = ownPolicy(t, policy);
    const first = await run({ answers: [{ provider: 'social.example', claims: { id: 's-1' } }] });
    const next = await run({ session: first.session });
    assert.deepEqual(stepsTaken(next), ['Own 3']);
    assert.deepEqual(next.claims, { sub: 's-1', identityProvider: 'social.example' });
  });
});
