// The files of docs/gate while b2c-signin is down.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBrowser } from '../support/browser.js';
import { startEchoApplication } from '../support/echo-application.js';
import { freePorts, PROXIES } from '../support/proxies.js';

for (const proxy of PROXIES) {
  test(`${proxy.name} denies every request while b2c-signin is down`, {
    skip: proxy.skip,
  }, async (t) => {
    const places = { ...(await freePorts()), isOneHost: true };
    const seen = await startEchoApplication(t, places.applicationPort);
    await proxy.start(t, places);
    seen.length = 0;
    const browser = createBrowser(`http://localhost:${places.port}`);
    for (const path of ['/', '/orders?page=2', '/auth/sign_in']) {
      const { status, headers, body } = await browser.get(path);
      if (proxy.name === 'nginx') {
        assert.equal(status, 503, path);
        assert.equal(headers['retry-after'], '5');
        assert.equal(headers['cache-control'], 'no-store');
        assert.match(body, /^Sign-in is not available\. Please try again/);
      } else {
        assert.equal(status, 502, path);
      }
    }
    assert.deepEqual(seen, []);
  });
}
