// The error page explains the provider's code to developers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RunningApp, sharedApp, startApp } from '../support/app.js';

describe('the error page for developers', () => {
  /** The page after the tenant has sent the browser back with an error. */
  async function openErrorPage({ browser, control }: RunningApp, error: string) {
    const visitor = browser();
    const { location } = await visitor.get('/auth/sign_in');
    const callback = await control.authorize(location, { error });
    const description = new URL(callback).searchParams.get('error_description') ?? '';
    const { body } = await visitor.get(callback);
    const text = description.split('\r\n')[0]?.replace(/^AADB2C\d+: /, '') ?? '';
    return { body, text };
  }

  describe('at log level debug', () => {
    const app = sharedApp({ config: { log: { level: 'debug' } } });
    test('a known code has a cause, a fix and the path in the portal', async () => {
      const { body, text } = await openErrorPage(app(), 'AADB2C90205');
      assert.match(body, /For developers/);
      assert.match(body, /<code>registration_refused<\/code>: the provider ended the sign-in/);
      assert.match(body, /AADB2C90205<\/code>: The application has no permission for a scope\./);
      assert.match(body, /Add the permission, and grant admin consent\./);
      assert.match(body, /App registrations &gt; the application &gt; API permissions/);
      assert.ok(text.length > 10);
      assert.equal(body.includes(text), false, 'the text of the provider');
    });

    test('an unknown code is shown without explanation', async () => {
      const { body } = await openErrorPage(app(), 'AADB2C91234');
      assert.match(body, /<code>AADB2C91234<\/code><\/dd>/);
      assert.doesNotMatch(body, /What to do/);
    });
  });

  test('at log level info, users see none of it', async (t) => {
    const app = await startApp(t, { config: { log: { level: 'info' } } });
    const { body } = await openErrorPage(app, 'AADB2C90205');
    assert.doesNotMatch(body, /For developers|AADB2C|registration_refused|API permissions/);
  });
});
