import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, test } from 'node:test';
import { requireAudience } from '../../dist/http/fetch-metadata.js';
import type { Audience } from '../../dist/http/router.js';

type Verdicts = Record<Exclude<Audience, 'anyone'>, boolean>;

const sites = ['none', 'same-origin', 'same-site', 'cross-site'];
const uses: Record<string, [mode: string, destination: string]> = {
  'a page navigation': ['navigate', 'document'],
  'an image': ['no-cors', 'image'],
  'a script': ['no-cors', 'script'],
  'a frame': ['navigate', 'iframe'],
  'an embedded object': ['navigate', 'object'],
  'a fetch': ['cors', 'empty'],
  'a worker': ['same-origin', 'worker'],
};

function verdictsFor(headers: Record<string, string>, method = 'GET'): Verdicts {
  const admits = (audience: Audience) => {
    try {
      requireAudience({ method, headers } as unknown as IncomingMessage, audience);
      return true;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'fetch_refused');
      return false;
    }
  };
  assert.equal(admits('anyone'), true);
  return {
    visitors: admits('visitors'),
    navigation: admits('navigation'),
    'own-scripts': admits('own-scripts'),
  };
}

describe('audiences accept each kind of request', () => {
  for (const site of sites) {
    for (const [use, [mode, destination]] of Object.entries(uses)) {
      test(`${use}, ${site}`, () => {
        const pageLoad = use === 'a page navigation';
        const own = site === 'none' || site === 'same-origin';
        const expected = { visitors: own || pageLoad, navigation: pageLoad, 'own-scripts': own };
        const headers = {
          'sec-fetch-site': site,
          'sec-fetch-mode': mode,
          'sec-fetch-dest': destination,
        };
        assert.deepEqual(verdictsFor(headers), expected);
        assert.deepEqual(verdictsFor(headers, 'HEAD'), expected);
      });
    }
  }
});

test('a client that sends no site is accepted by every audience', () => {
  const everywhere = { visitors: true, navigation: true, 'own-scripts': true };
  assert.deepEqual(verdictsFor({}), everywhere);
  assert.deepEqual(verdictsFor({ 'sec-fetch-mode': 'cors' }), everywhere);
});

test('a repeated or unknown site counts as another site', () => {
  for (const site of ['same-origin, cross-site', 'cross-site, none', 'SAME-ORIGIN', '', 'x']) {
    const headers = {
      'sec-fetch-site': site,
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'image',
    };
    const nobody = { visitors: false, navigation: false, 'own-scripts': false };
    assert.deepEqual(verdictsFor(headers), nobody, site);
  }
});

test('a prefetch is not a navigation', () => {
  const rows: [string, string][] = [
    ['sec-purpose', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender'],
    ['purpose', 'prefetch'],
    ['x-moz', 'prefetch'],
  ];
  for (const [name, value] of rows) {
    assert.equal(verdictsFor({ [name]: value }).navigation, false, `${name}: ${value}`);
  }
});

test('of posts, only those for navigation are checked', () => {
  const from = (mode: string, destination: string) =>
    verdictsFor(
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode, 'sec-fetch-dest': destination },
      'POST',
    );
  const others = { visitors: true, 'own-scripts': true };
  assert.deepEqual(from('navigate', 'document'), { ...others, navigation: true });
  assert.deepEqual(from('navigate', 'iframe'), { ...others, navigation: false });
  assert.deepEqual(from('cors', 'empty'), { ...others, navigation: false });
});
