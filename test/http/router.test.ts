import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRouter } from '../../dist/http/router.js';

const get = () => {};
const head = () => {};
const post = () => {};
const route = createRouter([
  { path: '/a', methods: { GET: get, POST: post } },
  { path: '/b', methods: { GET: get, HEAD: head } },
  { path: '/c', methods: { GET: get, HEAD: false } },
]);

test('a method and path find their handler', () => {
  assert.deepEqual(route('GET', '/a'), { kind: 'handler', handler: get });
  assert.deepEqual(route('POST', '/a'), { kind: 'handler', handler: post });
});

test('GET handles HEAD, unless HEAD has a handler or is disabled', () => {
  assert.deepEqual(route('HEAD', '/a'), { kind: 'handler', handler: get });
  assert.deepEqual(route('HEAD', '/b'), { kind: 'handler', handler: head });
  assert.deepEqual(route('HEAD', '/c'), { kind: 'other-methods', allow: 'GET' });
});

test('another method gets the list of methods', () => {
  for (const method of ['PUT', 'TRACE', 'get', 'OPTIONS', '', '__proto__']) {
    assert.deepEqual(route(method, '/a'), { kind: 'other-methods', allow: 'GET, HEAD, POST' });
  }
});

test('paths are compared byte by byte', () => {
  for (const path of ['/A', '/a/', '/%61', '/a;x', '//a', '/a.css', '', '/__proto__']) {
    assert.deepEqual(route('GET', path), { kind: 'unknown-path' });
  }
});

test('two routes for one path are an error', () => {
  const routes = [
    { path: '/a', methods: {} },
    { path: '/a', methods: {} },
  ];
  assert.throws(() => createRouter(routes), { name: 'RangeError', message: 'two routes for /a' });
});
