// Claims that the provider sends as text, and the types that `claimTypes` gives them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ClaimType, FIXED_CLAIM_TYPES } from '../../dist/config/claim-types.js';
import { createReadClaims } from '../../dist/oidc/claim-types.js';
import { TOKEN_CLAIMS } from '../../dist/oidc/claims.js';
import { recordLog } from '../support/log.js';

const LIST = { list: ',' };
const NET_LIST = 'System.Collections.Generic.List`1[System.String]';

function read(value: unknown, type?: ClaimType) {
  const log = recordLog();
  const readClaims = createReadClaims({ claimTypes: type ? { claim: type } : {}, log });
  const { claim } = readClaims({ sub: 's', claim: value });
  return { claim, warnings: log.of('claim_unreadable') };
}

describe('a claim is read as its type', () => {
  const rows: [string, unknown, ClaimType, unknown][] = [
    ['a list with commas', 'user,admin', LIST, ['user', 'admin']],
    ['a list with semicolons', 'a;b', { list: ';' }, ['a', 'b']],
    ['a list with spaces', 'a b', { list: ' ' }, ['a', 'b']],
    ['spaces around items, and empty items', ' a , b ,, ', LIST, ['a', 'b']],
    ['one item', 'admin', LIST, ['admin']],
    ['no item', '', LIST, []],
    ['a list that is one already', ['a', 'b,c'], LIST, ['a', 'b,c']],
    ['JSON', '["a","b"]', 'json', ['a', 'b']],
    ['JSON of one value', '"a"', 'json', 'a'],
    ['JSON with levels', '[{"id":1,"roles":["a"]}]', 'json', [{ id: 1, roles: ['a'] }]],
    ['JSON that the token contains as such', ['a'], 'json', ['a']],
    ['true', 'true', 'boolean', true],
    ['the true of .NET', 'True', 'boolean', true],
    ['false', 'false', 'boolean', false],
    ['a boolean that is one already', false, 'boolean', false],
  ];
  for (const [name, value, type, expected] of rows) {
    test(name, () => assert.deepEqual(read(value, type), { claim: expected, warnings: [] }));
  }
});

describe('a claim that cannot be read has no value, and the log names it without its value', () => {
  const deep = `${'['.repeat(11)}"value"${']'.repeat(11)}`;
  const rows: [string, unknown, ClaimType, RegExp][] = [
    ['text that is not JSON', 'value,admin', 'json', /not JSON/],
    ['empty text as JSON', '', 'json', /not JSON/],
    ['JSON with many levels', deep, 'json', /more than 10 levels/],
    ['JSON with thousands of levels', '['.repeat(30_000) + ']'.repeat(30_000), 'json', /levels/],
    ['JSON as a list', '["value"]', LIST, /JSON and not a list/],
    ['a number as a list', 7, LIST, /neither text nor a list/],
    ['an object as a list', { value: true }, LIST, /neither text nor a list/],
    ['another word as a boolean', 'value', 'boolean', /neither true nor false/],
    ['a number as a boolean', 1, 'boolean', /neither true nor false/],
    ['a list as a boolean', ['true'], 'boolean', /neither true nor false/],
    ['the name of a .NET list as a list', NET_LIST, LIST, /\.NET type/],
  ];
  for (const [name, value, type, detail] of rows) {
    test(name, () => {
      const { claim, warnings } = read(value, type);
      assert.equal(claim, null);
      assert.equal(warnings.length, 1);
      assert.equal(warnings[0]?.['level'], 40);
      assert.equal(warnings[0]?.['claim'], 'claim');
      assert.match(String(warnings[0]?.['detail']), detail);
      assert.doesNotMatch(JSON.stringify(warnings), /value,|"value"|List`/);
    });
  }
});

describe('a list that the session of B2C has lost is explained, also without a type', () => {
  const rows: [string, unknown, boolean][] = [
    ['a list', NET_LIST, true],
    ['an array', 'System.String[]', true],
    ['a list in a list', [NET_LIST], true],
    ['text about it', `see ${NET_LIST}`, false],
    ['a name that begins alike', 'System.Administrators', false],
  ];
  for (const [name, value, isLost] of rows) {
    test(name, () => {
      const { claim, warnings } = read(value);
      assert.deepEqual(claim, value);
      assert.equal(warnings.length, isLost ? 1 : 0);
      if (isLost) assert.match(JSON.stringify(warnings), /session of B2C lost the list/);
    });
  }
});

test('a missing claim and a claim without a value stay as they are', () => {
  assert.deepEqual(read(null, LIST), { claim: null, warnings: [] });
  const readClaims = createReadClaims({ claimTypes: { claim: LIST }, log: recordLog() });
  assert.deepEqual(readClaims({ sub: 's' }), { sub: 's' });
});

test('a claim named like a member of every object is a claim', () => {
  const claims = JSON.parse('{"sub":"s","__proto__":"a,b","constructor":"c"}');
  const claimTypes = JSON.parse('{"__proto__":{"list":","}}');
  const read = createReadClaims({ claimTypes, log: recordLog() })(claims);
  assert.deepEqual(Object.getOwnPropertyDescriptor(read, '__proto__')?.value, ['a', 'b']);
  assert.equal(read['constructor'], 'c');
});

test('the configuration fixes the types of all claims about the token', () => {
  assert.deepEqual([...FIXED_CLAIM_TYPES].sort(), [...TOKEN_CLAIMS].sort());
});
