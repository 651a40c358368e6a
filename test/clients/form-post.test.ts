// `responseMode: "form_post"` at a certified provider of another project.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { createCertificate } from '../../dist/emulator/certificate.js';
import {
  assertSignedIn,
  signIn,
  skipWithoutProvider,
  startAtProvider,
} from './certified-provider.js';

test(
  'a certified provider posts the response, and the user is signed in',
  skipWithoutProvider,
  async (t) => {
    const certificate = createCertificate();
    const before = getGlobalDispatcher();
    setGlobalDispatcher(new Agent({ connect: { ca: certificate.ca } }));
    t.after(() => setGlobalDispatcher(before));
    const given = await startAtProvider(t, {
      certificate,
      settings: { responseMode: 'form_post' },
    });
    await signIn(given);
    // The page of the provider, whose script submits the form.
    assert.match(given.visitor.page.body, /<form method="post" action="[^"]*\/auth\/redirect"/);
    await given.visitor.send();
    assertSignedIn(given);
    const callbacks = given.visitor.visited.filter((url) => url.includes('/auth/redirect'));
    assert.deepEqual(callbacks, [`${given.app.url}/auth/redirect`]);
    await given.visitor.open(`${given.app.url}/auth/redirect?code=x&state=x`);
    assert.equal(given.visitor.page.status, 400);
  },
);
