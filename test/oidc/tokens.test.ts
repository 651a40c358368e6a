import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessTokenLifetimeMs, scopeKey } from '../../dist/oidc/tokens.js';

test('the lifetime of an access token is limited', () => {
  const [shortest, day] = [300_000, 86_400_000];
  const rows: [said: number | undefined, believed: number][] = [
    [undefined, shortest],
    [0, shortest],
    [-1, shortest],
    [Number.NaN, shortest],
    [3_600, 3_600_000],
    [1e12, day],
    [1e300, day],
    [Number.POSITIVE_INFINITY, day],
  ];
  for (const [said, believed] of rows)
    assert.equal(accessTokenLifetimeMs(said), believed, `${said}`);
});

test('the key of scopes does not depend on order and repetition', () => {
  assert.equal(scopeKey(['b', 'a', 'b']), scopeKey(['a', 'b']));
  assert.notEqual(scopeKey(['a', 'b']), scopeKey(['a']));
  assert.notEqual(scopeKey(['a']), scopeKey([]));
});
