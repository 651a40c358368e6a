import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mergeClaims } from '../../dist/oidc/claim-updates.js';
import { type CheckedClaims, userFromClaims } from '../../dist/oidc/claims.js';

describe('the name of a user is', () => {
  const rows: [string, Record<string, unknown>, string][] = [
    ['the display name', { name: 'Ada Lovelace', given_name: 'A' }, 'Ada Lovelace'],
    [
      'given and family name without a display name',
      { given_name: 'Ada', family_name: 'L.' },
      'Ada L.',
    ],
    [
      'given and family name if B2C writes "unknown"',
      { name: 'unknown', given_name: 'Ada' },
      'Ada',
    ],
    ['the email address without any name', { emails: ['a@example.com'] }, 'a@example.com'],
    ['a placeholder without all these', { name: 7, emails: [null] }, 'Unnamed user'],
  ];
  for (const [name, claims, expected] of rows) {
    test(name, () => assert.equal(userFromClaims({ sub: 's', ...claims }).name, expected));
  }
});

test('the email address is the first of emails, or email, or preferred_username', () => {
  const emailOf = (claims: object) => userFromClaims({ sub: 's', ...claims }).email;
  assert.equal(emailOf({ emails: ['a@x', 'b@x'], email: 'c@x' }), 'a@x');
  assert.equal(emailOf({ emails: [], email: 'c@x' }), 'c@x');
  assert.equal(emailOf({ preferred_username: 'd@x' }), 'd@x');
  assert.equal(emailOf({ emails: 'a@x' }), undefined);
});

test('claims of a later policy change the claims about the user, not about the token', () => {
  const user = userFromClaims({
    sub: 's',
    tfp: 'B2C_1_susi',
    iat: 1,
    nonce: 'n',
    name: 'Ada',
    city: 'London',
  });
  const newer = userFromClaims({
    sub: 's',
    tfp: 'B2C_1_edit',
    iat: 2,
    nonce: 'm',
    name: 'Ada L.',
    job: 'x',
  });
  const { user: merged } = mergeClaims({ user, claimOverlay: {} }, newer);
  assert.equal(merged.name, 'Ada L.');
  assert.deepEqual(
    { ...merged.claims },
    { sub: 's', tfp: 'B2C_1_susi', iat: 1, nonce: 'n', name: 'Ada L.', city: 'London', job: 'x' },
  );
});

test('the access token of an identity provider is not among the claims that pages show', () => {
  const { claims } = userFromClaims({ sub: 's', idp: 'google.com', idp_access_token: 'ya29' });
  assert.deepEqual({ ...claims }, { sub: 's', idp: 'google.com' });
});

test('claims of any name or type pollute no prototype and throw no error', () => {
  const names = fc.constantFrom('__proto__', 'constructor', 'toString', 'name', 'emails');
  const claims = fc.array(fc.tuple(names, fc.jsonValue()));
  fc.assert(
    fc.property(claims, claims, (one, two) => {
      const parse = (entries: [string, unknown][]): CheckedClaims => {
        const members = [...entries, ['sub', 's']].map((pair) =>
          pair.map((x) => JSON.stringify(x)),
        );
        return JSON.parse(`{${members.map((pair) => pair.join(':')).join()}}`);
      };
      const session = { user: userFromClaims(parse(one)), claimOverlay: {} };
      const { user: merged } = mergeClaims(session, userFromClaims(parse(two)));
      assert.equal(Object.getPrototypeOf(merged.claims), null);
      assert.equal(typeof merged.name, 'string');
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    }),
  );
});
