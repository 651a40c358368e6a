import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { userFromClaims } from '../../dist/oidc/claims.js';
import { claimsOf, linkTo, tagsOf, textOf } from './markup.ts';
import { alice, fullSite, pagesOf } from './pages.ts';

const pages = pagesOf(fullSite);
const claimsPage = (claims: Record<string, unknown>) =>
  pages.tokenDetails({ viewer: alice, claims });

test('claims about the user come first, then those about the sign-in, then those about the token', () => {
  const html = claimsPage({
    ...{ exp: 'soon', aud: 'a', iat: 'now', iss: 'https://b2c.example/' },
    ...{ extension_Tier: 'gold', sub: '1', city: 'Porto', name: 'Alice' },
  });
  assert.deepEqual(claimsOf(html), [
    ['name', 'Alice'],
    ['sub', '1'],
    ['extension_Tier', 'gold'],
    ['city', 'Porto'],
    ['iss', 'https://b2c.example/'],
    ['iat', 'now'],
    ['exp', 'soon'],
    ['aud', 'a'],
  ]);
  const places = [
    '>About you<',
    '>sub<',
    '>About this sign-in<',
    '>iss<',
    '>About this token<',
    '>exp<',
  ].map((text) => html.indexOf(text));
  assert.ok((places[0] ?? 0) > 0);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test('the link to edit the profile returns to the claims page', () => {
  assert.equal(
    linkTo(claimsPage({ sub: '1' }), 'Edit profile'),
    '/auth/edit_profile?return_to=%2Fauth%2Ftoken_details',
  );
});

for (const [title, exp, datetime, text] of [
  ['a time', 1795338372, '2026-11-22T09:06:12.000Z', '22 Nov 2026, 09:06:12 UTC 1795338372'],
  ['a time on a one-digit day', 0, '1970-01-01T00:00:00.000Z', '1 Jan 1970, 00:00:00 UTC 0'],
  ['a time with a fraction', 1.5, '1970-01-01T00:00:01.500Z', '1 Jan 1970, 00:00:01 UTC 1.5'],
] as const) {
  test(`${title} is readable in UTC, with the number from the token`, () => {
    const html = claimsPage({ exp });
    assert.deepEqual(claimsOf(html), [['exp', text]]);
    assert.ok(tagsOf(html).includes(`<time datetime="${datetime}">`));
  });
}

for (const [title, name, value, text] of [
  ['a time out of range', 'exp', 1e300, '1e+300'],
  ['a time that is a string', 'iat', '1795338372', '1795338372'],
  ['a time that is null', 'nbf', null, 'null'],
  ['a number in another claim', 'loginCount', 1795338372, '1795338372'],
] as const) {
  test(`${title} is shown as it is`, () => {
    const html = claimsPage({ [name]: value });
    assert.deepEqual(claimsOf(html), [[name, text]]);
    assert.doesNotMatch(html, /<time/);
  });
}

for (const [title, value, text] of [
  ['null', null, 'null'],
  ['a number', 42, '42'],
  ['false', false, 'false'],
  ['a list of strings', ['alice@example.com', '<b>'], 'alice@example.com\n<b>'],
  ['a list of a single string', ['alice@example.com'], 'alice@example.com'],
  ['an empty list', [], '[]'],
  ['a list of other things', ['a', 1, ['b']], '["a",1,["b"]]'],
  ['a nested object', { a: { b: [null, '"'] } }, '{"a":{"b":[null,"\\""]}}'],
  ['an empty string', '', ''],
  ['whitespace', ' two\n\tlines  ', ' two\n\tlines  '],
  ['ten thousand characters', 'x'.repeat(10_000), 'x'.repeat(10_000)],
] as const) {
  test(`a claim that is ${title} is shown as it is`, () => {
    assert.deepEqual(claimsOf(claimsPage({ anything: value })), [['anything', text]]);
  });
}

for (const hostile of [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' autofocus onfocus='alert(1)",
  '</bdi></td></table></title></main>',
  '<!--',
  '<%= 7*7 %><%~ it.site %>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: must look like a template and not be one
  '{{7*7}} ${7*7}',
  'javascript:alert(1)',
  '&lt;b&gt; &amp;amp;',
  '\u202Egro.live\u202C \u2066\u200B',
]) {
  test(`${JSON.stringify(hostile)} is escaped wherever a claim is shown`, () => {
    const viewer = { name: hostile, email: hostile };
    const claims = {
      sub: hostile,
      [hostile]: hostile,
      list: [hostile],
      iss: hostile,
      exp: hostile,
    };
    const html = pages.tokenDetails({ viewer, claims });
    assert.deepEqual(claimsOf(html), [
      ['sub', hostile],
      [hostile, hostile],
      ['list', hostile],
      ['iss', hostile],
      ['exp', hostile],
    ]);
    const harmless = { sub: 'x', y: 'x', list: ['x'], iss: 'x', exp: 'x' };
    assert.deepEqual(tagsOf(html), tagsOf(claimsPage(harmless)));
    assert.deepEqual(tagsOf(pages.status({ viewer })), tagsOf(pages.status({ viewer: alice })));
    assert.ok(textOf(pages.status({ viewer })).includes(hostile));
  });
}

test('long JSON has a line for each member, from left to right', () => {
  const numbers = Array.from({ length: 9 }, (_, index) => 10_000_000 + index);
  const html = claimsPage({ numbers, pair: [1, 2] });
  assert.deepEqual(claimsOf(html), [
    ['numbers', `[\n${numbers.map((number) => `  ${number}`).join(',\n')}\n]`],
    ['pair', '[1,2]'],
  ]);
  assert.match(html, /<bdi class="json" dir="ltr" [^>]*>\[\n/);
});

test('any claims add only rows, and each is shown as it is', () => {
  const text = fc.string({ unit: 'binary' });
  const members = ['__proto__', 'constructor', 'toString', 'name', 'emails', 'site', 'body', 'exp'];
  const name = fc.oneof(text, fc.constantFrom(...members));
  const claims = fc.array(fc.tuple(name, fc.oneof(text, fc.jsonValue(), fc.double())));
  const known = new Set(tagsOf(claimsPage({ sub: 's', exp: 1, list: [] })).map(tagName));
  fc.assert(
    fc.property(claims, (pairs) => {
      // Through JSON, as in a token: there `__proto__` is an ordinary member.
      const members = [...pairs, ['sub', 's']].map((pair) => pair.map((x) => JSON.stringify(x)));
      const user = userFromClaims(JSON.parse(`{${members.map((pair) => pair.join(':')).join()}}`));
      const html = pages.tokenDetails({ viewer: user, claims: user.claims });
      const shown = new Map(claimsOf(html));
      assert.equal(shown.size, Object.keys(user.claims).length);
      for (const [key, value] of Object.entries(user.claims)) {
        const row = shown.get(key) ?? '';
        if (isListOfStrings(value)) assert.equal(row, value.join('\n'));
        else if (typeof value === 'object') assert.deepEqual(JSON.parse(row), value);
        else assert.ok(row.endsWith(String(value)), key);
      }
      const unknownTags = tagsOf(html).filter((tag) => !known.has(tagName(tag)));
      assert.deepEqual(unknownTags, []);
      assert.equal(textOf(pages.status({ viewer: user })).includes(user.name), true);
      assert.equal(({} as Record<string, unknown>)['x'], undefined);
      assert.equal(Object.keys(Object.prototype).length, 0);
    }),
  );
});

const isListOfStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');

const tagName = (tag: string) => /[a-z]+\d?/i.exec(tag)?.[0].toLowerCase() ?? '';

test('claims named like properties of objects or of the template engine have no effect', () => {
  const claims = JSON.parse(
    `{ "__proto__": { "polluted": true }, "constructor": { "prototype": { "polluted": true } },
       "toString": "a", "settings": { "views": "/x" }, "varName": "b", "useWith": true, "body": "c",
       "userClaims": [], "site": {} }`,
  );
  assert.deepEqual(claimsOf(claimsPage(claims)), [
    ['__proto__', '{"polluted":true}'],
    ['constructor', '{"prototype":{"polluted":true}}'],
    ['toString', 'a'],
    ['settings', '{"views":"/x"}'],
    ['varName', 'b'],
    ['useWith', 'true'],
    ['body', 'c'],
    ['userClaims', '[]'],
    ['site', '{}'],
  ]);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});
