import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSealer } from '../../dist/session/sealed-value.js';

const OLD = 'an old secret of more than 32 characters';
const NEW = 'a new secret of more than 32 characters';

test('a sealed value can be opened, and its content is not visible', () => {
  const sealer = createSealer([NEW], 'attempt');
  const sealed = sealer.seal({ state: 'a-secret-state', n: [1, null] }, 'id');
  assert.deepEqual(sealer.open(sealed, 'id'), { state: 'a-secret-state', n: [1, null] });
  assert.doesNotMatch(Buffer.from(sealed, 'base64url').toString('latin1'), /state/);
  assert.match(sealed, /^[\w-]+$/);
});

test('sealing a value twice gives different strings', () => {
  const sealer = createSealer([NEW], 'attempt');
  const texts = new Set(Array.from({ length: 1000 }, () => sealer.seal('x', 'id')));
  assert.equal(texts.size, 1000);
});

test('a modified value cannot be opened', () => {
  const sealer = createSealer([NEW], 'attempt');
  const bytes = Buffer.from(sealer.seal({ a: 'b' }, 'id'), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(sealer.open(changed.toString('base64url'), 'id'), undefined, `byte ${at}`);
  }
});

test('a value can be opened only with its context, purpose and secret', () => {
  const sealed = createSealer([OLD], 'attempt').seal('x', 'id');
  assert.equal(createSealer([NEW, OLD], 'attempt').open(sealed, 'id'), 'x');
  assert.equal(createSealer([OLD], 'attempt').open(sealed, 'other'), undefined);
  assert.equal(createSealer([OLD], 'other').open(sealed, 'id'), undefined);
  assert.equal(createSealer([NEW], 'attempt').open(sealed, 'id'), undefined);
});

test('other strings cannot be opened', () => {
  const sealer = createSealer([NEW], 'attempt');
  fc.assert(
    fc.property(fc.string(), fc.uint8Array({ maxLength: 200 }), (text, bytes) => {
      assert.equal(sealer.open(text, 'id'), undefined);
      assert.equal(sealer.open(Buffer.from(bytes).toString('base64url'), 'id'), undefined);
    }),
  );
});

test('a sealer without a secret is an error', () => {
  assert.throws(() => createSealer([], 'attempt'), RangeError);
});
