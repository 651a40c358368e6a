// Return URLs for an application on another host.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createParseReturnTarget } from '../../dist/http/return-target.js';
import { startApp } from '../support/app.js';

const parse = createParseReturnTarget({
  baseUrl: new URL('https://login.example.com'),
  allowedHosts: [
    'app.example.com',
    'app.example.com:8443',
    'plain.example.org:443',
    '*.apps.example.com',
  ],
});

describe('a return URL is accepted as', () => {
  const rows: [given: string, target: string][] = [
    ['/x?y=1', '/x?y=1'],
    ['https://app.example.com', 'https://app.example.com/'],
    ['https://app.example.com/x?y=1&z=%2F', 'https://app.example.com/x?y=1&z=%2F'],
    ['https://app.example.com?x=1', 'https://app.example.com/?x=1'],
    ['https://APP.example.com:443/x', 'https://app.example.com/x'],
    ['https://app.example.com:8443/x', 'https://app.example.com:8443/x'],
    ['https://plain.example.org/x', 'https://plain.example.org/x'],
    ['https://a.apps.example.com/x', 'https://a.apps.example.com/x'],
    ['https://a.b.apps.example.com/x', 'https://a.b.apps.example.com/x'],
    [
      'https://app.example.com/?next=https://other.example/x',
      'https://app.example.com/?next=https://other.example/x',
    ],
    [
      'https://app.example.com/https://other.example',
      'https://app.example.com/https://other.example',
    ],
    ['https://app.example.com//x', 'https://app.example.com//x'],
    ['https://login.example.com/x?y=1', '/x?y=1'],
    // Browsers send the session cookie only over HTTPS.
    ['http://app.example.com/x', 'https://app.example.com/x'],
  ];
  for (const [given, target] of rows) test(given, () => assert.equal(parse(given), target));
});

describe('a return URL is rejected for', () => {
  const rows: [name: string, ...values: string[]][] = [
    ['another host', 'https://other.example/', 'https://example.com/'],
    [
      'a host with the same beginning or end',
      'https://xapp.example.com/',
      'https://app.example.com.evil.example/',
      'https://evilapps.example.com/',
      'https://apps.example.com.evil.example/',
    ],
    ['the domain of a wildcard itself', 'https://apps.example.com/', 'https://.apps.example.com/'],
    ['another port', 'https://app.example.com:8444/', 'https://a.apps.example.com:8443/'],
    [
      'a malformed port',
      'https://app.example.com:/',
      'https://app.example.com:99999/',
      'https://app.example.com:44 3/',
    ],
    [
      'a user name',
      'https://app.example.com@evil.example/',
      'https://evil.example@app.example.com/',
      'https://a:b@app.example.com/',
    ],
    [
      'backslashes',
      'https:\\\\app.example.com/',
      'https://app.example.com\\.evil.example/',
      'https://evil.example\\@app.example.com/',
      'https://app.example.com/\\evil',
    ],
    [
      'too few or too many slashes',
      'https:/app.example.com/',
      'https:app.example.com/',
      'https:///app.example.com/',
      '//app.example.com/',
      '/\\app.example.com/',
      '/.//app.example.com',
    ],
    [
      'whitespace and control characters',
      ' https://app.example.com/',
      'https://app.example.com/ ',
      'https://app.example.com\t/',
      'https://app\n.example.com/',
      'ht\ttps://app.example.com/',
      'https://app.example.com/\u0000',
    ],
    [
      'fragments',
      'https://app.example.com/#x',
      'https://evil.example#.apps.example.com/',
      'https://evil.example/#app.example.com',
    ],
    [
      'queries instead of a host',
      'https://evil.example?.apps.example.com/',
      'https://evil.example/.apps.example.com',
    ],
    [
      'letters that become other letters',
      'https://ａpp.example.com/',
      'https://app.example。com/',
      'https://app.examp%6ce.com/',
      'https://app%2eexample.com/',
    ],
    ['IP addresses', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/'],
    ['a trailing dot', 'https://app.example.com./'],
    [
      'other schemes',
      'javascript://app.example.com/%0aalert(1)',
      'data:text/html,x',
      'ftp://app.example.com/',
      'blob:https://app.example.com/x',
      'wss://app.example.com/',
    ],
    ['more than 2048 characters', `https://app.example.com/${'x'.repeat(2040)}`],
    ['more than 2048 characters after escaping', `https://app.example.com/${'"'.repeat(1000)}`],
    [
      'its own host with two slashes',
      'https://login.example.com//evil.example',
      'https://login.example.com/.//evil.example',
    ],
    ['nothing', '', 'app.example.com', '?x', '#x'],
  ];
  for (const [name, ...values] of rows) {
    test(name, () => {
      for (const value of values) assert.equal(parse(value), undefined, JSON.stringify(value));
    });
  }
});

test('every accepted return URL is on this site or an allowed host', () => {
  const pieces = fc.constantFrom(
    ...[
      'https:',
      'http:',
      '//',
      '/',
      '\\',
      '@',
      '#',
      '?',
      ':',
      '.',
      '443',
      '%2f',
      '\t',
      ' ',
      '[::1]',
    ],
    ...[
      'app.example.com',
      '.apps.example.com',
      'evil.example',
      'login.example.com',
      'a',
      'javascript:',
    ],
  );
  const text = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(text, fc.webUrl(), fc.string()), (value) => {
      const target = parse(value);
      if (target === undefined) return;
      const { protocol, host } = new URL(target, 'https://login.example.com/auth/redirect');
      const allowed =
        /^(?:login\.example\.com|app\.example\.com(?::8443)?|plain\.example\.org|.+\.apps\.example\.com)$/;
      assert.equal(protocol, 'https:');
      assert.match(host, allowed);
    }),
    { numRuns: 3_000 },
  );
});

test('over HTTP, for development, the scheme stays', () => {
  const local = createParseReturnTarget({
    baseUrl: new URL('http://localhost:3000'),
    allowedHosts: ['localhost:8080', 'localhost:8443', '127.0.0.1:8080'],
  });
  assert.equal(local('http://localhost:8080/x'), 'http://localhost:8080/x');
  assert.equal(local('https://localhost:8443/x'), 'https://localhost:8443/x');
  assert.equal(local('http://localhost:3000/x'), '/x');
  assert.equal(local('http://localhost:81/x'), undefined);
  assert.equal(local('http://127.0.0.1:8080/x'), 'http://127.0.0.1:8080/x');
  // Hosts that the URL parser rewrites to 127.0.0.1 were written to deceive.
  for (const host of ['2130706433:8080', '0x7f.1:8080', '127.1:8080', 'localhost:08080']) {
    assert.equal(local(`http://${host}/x`), undefined, host);
  }
});

test('sign-in returns to the application, also after a reload of the callback', async (t) => {
  const app = await startApp(t, { config: { gate: { allowedHosts: ['app.example.com'] } } });
  const browser = app.browser();
  const wanted = 'http://app.example.com/x?y=1&z=%2F';
  const path = `/auth/sign_in?return_to=${encodeURIComponent(wanted)}`;
  const { location } = await browser.get(path);
  const callback = await app.control.authorize(location, { as: 'alice@example.com' });
  assert.equal((await browser.get(callback)).location, wanted);
  assert.equal((await browser.get(callback)).location, wanted);
});

test('without allowed hosts, sign-in returns to this site only', async (t) => {
  for (const gate of [undefined, {}]) {
    const app = await startApp(t, gate ? { config: { gate } } : {});
    const browser = app.browser();
    const wanted = encodeURIComponent('http://app.example.com/x');
    const { location } = await browser.get(`/auth/sign_in?return_to=${wanted}`);
    const callback = await app.control.authorize(location, { as: 'alice@example.com' });
    assert.equal((await browser.get(callback)).location, '/');
  }
});
