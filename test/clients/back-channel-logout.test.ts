// Back-channel logout by a certified provider of another project.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBrowser } from './browser.js';
import {
  assertSignedIn,
  signIn,
  skipWithoutProvider,
  startAtProvider,
} from './certified-provider.js';

test(
  'a user who signs out at a certified provider is signed out here',
  skipWithoutProvider,
  async (t) => {
    const given = await startAtProvider(t, {
      registration: (url) => ({
        backchannel_logout_uri: `${url}/auth/back_channel_logout`,
        backchannel_logout_session_required: true,
      }),
    });
    const { app, visitor, issuer } = given;
    await signIn(given);
    assertSignedIn(given);
    // A second browser has a separate session at the provider.
    const other = { app, visitor: createBrowser() };
    await signIn(other);
    await visitor.open(`${issuer}/session/end`);
    assert.match(visitor.page.body, /Do you want to sign-out/);
    await visitor.send({ logout: 'yes' });
    const deadline = Date.now() + 10_000;
    while (app.log.of('sign_out').length === 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await visitor.open(`${app.url}/auth/token_details`);
    assert.equal(visitor.page.status, 401);
    await other.visitor.open(`${app.url}/auth/token_details`);
    assertSignedIn(other);
    assert.equal(app.log.of('sign_out').length, 1);
    assert.deepEqual(app.log.of('back_channel_logout_refused'), []);
  },
);
