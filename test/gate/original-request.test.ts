// Which clients may describe the original request to the gate, and contradicting headers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mountApp, type RunningApp, type StartOptions, startApp } from '../support/app.js';
import { fileScope } from '../support/redis.js';

const gate = { rules: [{ path: '/public', allow: 'everyone' }] };
const app = await startApp(fileScope() as unknown as Parameters<typeof startApp>[0], {
  config: { gate },
});

const verify = async ({ browser }: RunningApp, headers: Record<string, string>) =>
  (await browser().get('/auth/verify', headers)).status;

describe('a proxy can describe the original request with', () => {
  const rows: [string, Record<string, string>][] = [
    ['X-Forwarded-Uri (Traefik, Caddy)', { 'x-forwarded-uri': '/public?x=1' }],
    ['a URL in X-Original-URL (nginx)', { 'x-original-url': 'https://a.example/public' }],
    ['a path in X-Original-URL', { 'x-original-url': '/public' }],
    ['X-Original-URI', { 'x-original-uri': '/public' }],
    [
      'several headers with the same value',
      {
        'x-original-url': 'http://A.example:81/public',
        'x-forwarded-uri': '/public',
        'x-forwarded-host': 'a.example:81',
      },
    ],
  ];
  for (const [name, headers] of rows) {
    test(name, async () => assert.equal(await verify(app, headers), 202));
  }
});

describe('contradicting or malformed headers are denied', () => {
  const rows: [string, Record<string, string>][] = [
    [
      'a path of the client and another one of nginx',
      { 'x-original-url': '/admin', 'x-forwarded-uri': '/public' },
    ],
    ['the other way round', { 'x-original-url': '/public', 'x-forwarded-uri': '/admin' }],
    ['a third path', { 'x-original-url': '/public', 'x-original-uri': '/public/1' }],
    [
      'two hosts',
      { 'x-original-url': 'https://a.example/public', 'x-forwarded-host': 'b.example' },
    ],
    [
      'two methods',
      { 'x-forwarded-uri': '/public', 'x-forwarded-method': 'GET', 'x-original-method': 'POST' },
    ],
    ['a list of paths', { 'x-forwarded-uri': '/public, /admin' }],
    [
      'a list of hosts',
      { 'x-forwarded-uri': '/public', 'x-forwarded-host': 'a.example, b.example' },
    ],
    ['a malformed host', { 'x-forwarded-uri': '/public', 'x-forwarded-host': 'a.example/x' }],
    ['a host with a user', { 'x-original-url': 'https://a.example@b.example/public' }],
    ['a malformed method', { 'x-forwarded-uri': '/public', 'x-forwarded-method': 'GET /' }],
    ['an empty path', { 'x-forwarded-uri': '' }],
    ['a URL instead of a path', { 'x-forwarded-uri': 'https://a.example/public' }],
    ['a URL without a path', { 'x-original-url': 'https://a.example' }],
  ];
  for (const [name, headers] of rows) {
    test(name, async () => assert.equal(await verify(app, headers), 403));
  }

  test('a repeated header', async () => {
    const twice = { 'x-forwarded-uri': ['/public', '/public'] as unknown as string };
    assert.equal(await verify(app, twice), 403);
  });
});

describe('the headers are trusted from', () => {
  const asked = async (
    t: Parameters<typeof mountApp>[0],
    peer: string,
    trustedProxies: string[],
  ) => {
    const options: StartOptions = { peer, config: { gate, trustedProxies } };
    const mounted = await mountApp(t, async () => {}, options);
    return verify(mounted, { 'x-forwarded-uri': '/public' });
  };
  const rows: [name: string, peer: string, trusted: string[], status: number][] = [
    ['loopback only, by default', '203.0.113.7', [], 403],
    ['an IP address in the list', '203.0.113.7', ['203.0.113.7'], 202],
    ['an IP address in a network', '203.0.113.7', ['fd00::/8', '203.0.113.0/29'], 202],
    ['no IP address outside the network', '203.0.113.8', ['203.0.113.0/29'], 403],
    ['an IPv4 address on an IPv6 socket', '::ffff:203.0.113.7', ['203.0.113.0/24'], 202],
    [
      'no IPv4 address outside the network on an IPv6 socket',
      '::ffff:203.0.114.7',
      ['203.0.113.0/24'],
      403,
    ],
    ['a network written as IPv6', '203.0.113.7', ['::ffff:203.0.113.0/120'], 202],
    ['an IPv6 address', 'fd00::1', ['fd00::/64'], 202],
    ['no IPv6 address outside the network', 'fd01::1', ['fd00::/64'], 403],
    ['loopback', '127.8.0.1', [], 202],
    ['loopback with IPv6', '::1', [], 202],
    ['loopback on an IPv6 socket', '::ffff:127.0.0.1', [], 202],
    ['no unknown address', '', ['0.0.0.0/0', '::/0'], 403],
  ];
  for (const [name, peer, trusted, status] of rows) {
    test(`${name}: ${peer || 'unknown'} of ${trusted.join(' and ') || 'none'}`, async (t) => {
      // An empty address represents a socket without one.
      assert.equal(await asked(t, peer || ' ', trusted), status);
    });
  }

  test('an IP address in a header does not make a client a trusted proxy', async (t) => {
    const config = { gate, trustedProxies: ['10.0.0.0/8'] };
    const mounted = await mountApp(t, async () => {}, { peer: '203.0.113.7', config });
    const headers = {
      'x-forwarded-for': '10.0.0.1',
      'x-real-ip': '127.0.0.1',
      forwarded: 'for=10.0.0.1',
    };
    assert.equal(await verify(mounted, { ...headers, 'x-forwarded-uri': '/public' }), 403);
  });
});
