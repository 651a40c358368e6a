import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  constantTimeEqual,
  createSigner,
  extractSignature,
} from '../../dist/session/signed-cookie.js';

const OLD = 'an old secret of more than 32 characters';
const NEW = 'a new secret of more than 32 characters';

test('a signed value is verified, and every modified one is rejected', () => {
  const signer = createSigner([NEW], 'session');
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(254), (value, at, change) => {
      const signed = signer.sign(value);
      assert.deepEqual(signer.verify(signed), {
        value,
        signature: extractSignature(signed),
      });
      const position = at % signed.length;
      const code = signed.charCodeAt(position);
      const other = String.fromCharCode((code + 1 + change) % 256);
      if (other === signed[position]) return;
      const changed = signed.slice(0, position) + other + signed.slice(position + 1);
      assert.equal(signer.verify(changed), undefined);
    }),
  );
});

test('a value that was signed with an older secret is valid while that secret is listed', () => {
  const signed = createSigner([OLD], 'session').sign('id');
  assert.equal(createSigner([NEW, OLD], 'session').verify(signed)?.value, 'id');
  assert.equal(createSigner([NEW], 'session').verify(signed), undefined);
});

test('more valid values than fit into the cache are all verified, repeatedly', () => {
  const signer = createSigner([NEW], 'session');
  const signed = Array.from({ length: 10_500 }, (_, i) => signer.sign(`id ${i}`));
  for (const round of [1, 2]) {
    const wrong = signed.filter((text, i) => signer.verify(text)?.value !== `id ${i}`);
    assert.deepEqual(wrong, [], `round ${round}`);
  }
});

test('the first secret signs', () => {
  const signed = createSigner([NEW, OLD], 'session').sign('id');
  assert.equal(createSigner([NEW], 'session').verify(signed)?.value, 'id');
});

test('a value that was signed for one purpose is invalid for another', () => {
  const signed = createSigner([NEW], 'attempt').sign('id');
  assert.equal(createSigner([NEW], 'session').verify(signed), undefined);
});

test('strings that were never signed are rejected', () => {
  const signer = createSigner([NEW], 'session');
  const empty = signer.sign('');
  for (const text of ['', '.', 'id', 'id.', '.'.repeat(44), `id.${'A'.repeat(43)}`, empty]) {
    assert.equal(signer.verify(text), undefined, text);
  }
});

test('a signer without a secret is an error', () => {
  assert.throws(() => createSigner([], 'session'), RangeError);
});

test('an empty string is not equal to itself in constantTimeEqual', () => {
  assert.equal(constantTimeEqual('', ''), false);
  assert.equal(constantTimeEqual('a', 'a'), true);
  assert.equal(constantTimeEqual('a', 'b'), false);
  assert.equal(constantTimeEqual('a', 'aa'), false);
});
