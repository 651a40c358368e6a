import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findFingerprint,
  findPolicy,
  requireRelyingParty,
} from '../../dist/oidc/relying-parties.js';
import type { RelyingParty } from '../../dist/oidc/relying-party.js';

const signIn = { key: 'signIn', name: 'B2C_1_susi', signsIn: true, path: '/auth/sign_in' as never };
const editProfile = { ...signIn, key: 'editProfile', name: 'B2C_1_edit', signsIn: false };
const main = {
  policies: [signIn, editProfile],
  fingerprint: 'main client',
} as unknown as RelyingParty;
const external = { policies: [signIn], fingerprint: 'external client' } as unknown as RelyingParty;
const parties = new Map([
  ['', main],
  ['external', external],
]);
const MISSING = [
  { tenant: 'external', policy: 'editProfile' },
  { tenant: 'removed', policy: 'signIn' },
  { tenant: '', policy: 'external/signIn' },
  { tenant: '', policy: 'B2C_1_susi' },
];

test('a reference finds the policy and the client of its tenant', () => {
  assert.equal(findPolicy(parties, { tenant: '', policy: 'editProfile' }), editProfile);
  assert.equal(findFingerprint(parties, { tenant: '', policy: 'signIn' }), 'main client');
  assert.equal(
    findFingerprint(parties, { tenant: 'external', policy: 'signIn' }),
    'external client',
  );
});

test('a reference to a policy that is not configured finds nothing', () => {
  for (const ref of MISSING) {
    assert.equal(findPolicy(parties, ref), undefined);
    assert.equal(findFingerprint(parties, ref), undefined);
  }
});

test('a reference to a tenant that is not configured is an error', () => {
  assert.equal(requireRelyingParty(parties, { tenant: 'external', policy: 'signIn' }), external);
  assert.throws(() => requireRelyingParty(parties, { tenant: 'removed', policy: 'signIn' }), {
    code: 'policy_not_configured',
  });
});
