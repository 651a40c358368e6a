import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mergeClaims, refreshClaims, type SessionClaims } from '../../dist/oidc/claim-updates.js';
import { userFromClaims } from '../../dist/oidc/claims.js';

type Claims = Record<string, unknown>;
const TOKEN = { sub: 's', iat: 100 };

const signIn = (claims: Claims): SessionClaims => ({
  user: userFromClaims({ ...TOKEN, ...claims }),
  claimOverlay: {},
});
const edit = (session: SessionClaims, claims: Claims) =>
  mergeClaims(session, userFromClaims({ ...TOKEN, iat: 200, ...claims }));
/** Through JSON, as an external store keeps it. */
const refresh = (session: SessionClaims, claims: Claims) =>
  refreshClaims(JSON.parse(JSON.stringify(session)), { ...TOKEN, iat: 300, ...claims });
const claimsOf = ({ user }: SessionClaims) => {
  const { sub: _, iat: __, ...claims } = user.claims;
  return claims;
};

describe('a refreshed token', () => {
  const rows: [name: string, before: Claims, refreshed: Claims][] = [
    ['changes a claim', { role: 'admin' }, { role: 'reader' }],
    ['removes a claim', { role: 'admin', city: 'London' }, { city: 'London' }],
    ['removes one value of a list', { groups: ['a', 'admin'] }, { groups: ['a'] }],
    ['adds a claim', {}, { role: 'admin' }],
  ];
  for (const [name, before, refreshed] of rows) {
    test(name, () => {
      assert.deepEqual(claimsOf(refresh(signIn(before), refreshed)), refreshed);
    });
  }

  test('changes the name that pages show', () => {
    const { user } = refresh(signIn({ name: 'Ada' }), { name: 'Augusta' });
    assert.equal(user.name, 'Augusta');
  });

  test('that is older than the claims of the session changes nothing', () => {
    const session = signIn({ role: 'reader' });
    assert.deepEqual(claimsOf(refresh(session, { iat: 99, role: 'admin' })), { role: 'reader' });
  });

  test('does not change when and how the user has signed in', () => {
    const sameSignIn = { auth_time: 90, nonce: 'n', sid: 'p' };
    const session = refresh(signIn(sameSignIn), { auth_time: 300, sid: 'q' });
    assert.deepEqual(claimsOf(session), sameSignIn);
    assert.deepEqual(claimsOf(refresh(signIn({}), { auth_time: 300, sid: 'q' })), {});
  });
});

describe('after a profile edit, a refreshed token', () => {
  const edited = () => edit(signIn({ name: 'Ada', role: 'admin' }), { name: 'Augusta' });

  test('that repeats the old values, as those of user flows do, does not undo the edit', () => {
    const once = refresh(edited(), { name: 'Ada', role: 'admin' });
    const twice = refresh(once, { iat: 400, name: 'Ada', role: 'admin' });
    assert.deepEqual(claimsOf(once), { name: 'Augusta', role: 'admin' });
    assert.deepEqual(claimsOf(twice), { name: 'Augusta', role: 'admin' });
  });

  test('that has the new values, as those of custom policies do, can change them later', () => {
    const once = refresh(edited(), { name: 'Augusta', role: 'admin' });
    assert.deepEqual(claimsOf(once), { name: 'Augusta', role: 'admin' });
    const twice = refresh(once, { iat: 400, name: 'Augusta King', role: 'admin' });
    assert.deepEqual(claimsOf(twice), { name: 'Augusta King', role: 'admin' });
  });

  test('still revokes a role, although the token of the edit has it too', () => {
    const session = edit(signIn({ role: 'admin' }), { name: 'Augusta', role: 'admin' });
    assert.deepEqual(claimsOf(refresh(session, {})), { name: 'Augusta' });
  });

  test('that is older than the edit does not undo it', () => {
    const session = refresh(edited(), { iat: 150, name: 'Ada Byron', role: 'reader' });
    assert.deepEqual(claimsOf(session), { name: 'Augusta', role: 'reader' });
  });

  test('leaves claims that only the other policy has', () => {
    const session = edit(signIn({ name: 'Ada' }), { mfa: true });
    assert.deepEqual(claimsOf(refresh(session, { name: 'Ada' })), { name: 'Ada', mfa: true });
  });
});

test('of two edits, the one with the newer token counts, in either order', () => {
  const session = signIn({ name: 'Ada' });
  const [older, newer] = [
    { iat: 200, name: 'Augusta' },
    { iat: 201, name: 'Augusta King' },
  ];
  assert.equal(edit(edit(session, older), newer).user.name, 'Augusta King');
  assert.equal(edit(edit(session, newer), older).user.name, 'Augusta King');
});

test('an edit back to the old value is not held against a later change', () => {
  const session = edit(edit(signIn({ name: 'Ada' }), { name: 'Augusta' }), {
    iat: 210,
    name: 'Ada',
  });
  assert.deepEqual(session.claimOverlay, Object.create(null));
  assert.equal(refresh(session, { name: 'Ada Byron' }).user.name, 'Ada Byron');
});

test('claims with names of prototype members are ordinary claims', () => {
  const named = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Claims;
  const session = refresh(edit(signIn({}), named), {});
  assert.deepEqual({ ...claimsOf(session) }, { ...named });
  assert.equal(Object.getPrototypeOf(session.user.claims), null);
});
