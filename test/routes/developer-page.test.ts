// What a code of the provider means stands on the error page, where a developer looks at it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApp } from '../support/app.js';

/** The page after the tenant has sent the browser back with an error. */
async function pageOf(t: Parameters<typeof startApp>[0], error: string, level: string) {
  const { browser, control } = await startApp(t, { config: { log: { level } } });
  const visitor = browser();
  const { location } = await visitor.get('/auth/sign_in');
  const callback = await control.authorize(location, { error });
  const words = new URL(callback).searchParams.get('error_description') ?? '';
  const { body } = await visitor.get(callback);
  return { body, words: words.split('\r\n')[0]?.replace(/^AADB2C\d+: /, '') ?? '' };
}

describe('at log level debug', () => {
  test('a known code comes with what it means, what to mend and where', async (t) => {
    const { body, words } = await pageOf(t, 'AADB2C90205', 'debug');
    assert.match(body, /For developers/);
    assert.match(body, /<code>registration_refused<\/code>: the provider ended the sign-in/);
    assert.match(body, /AADB2C90205<\/code>: The application has no permission for a scope\./);
    assert.match(body, /Add the permission, and grant admin consent\./);
    assert.match(body, /App registrations &gt; the application &gt; API permissions/);
    assert.ok(words.length > 10);
    assert.equal(body.includes(words), false, 'the words of the provider');
  });

  test('an unknown code stands for itself', async (t) => {
    const { body } = await pageOf(t, 'AADB2C91234', 'debug');
    assert.match(body, /<code>AADB2C91234<\/code><\/dd>/);
    assert.doesNotMatch(body, /What to do/);
  });
});

test('visitors see none of it', async (t) => {
  const { body } = await pageOf(t, 'AADB2C90205', 'info');
  assert.doesNotMatch(body, /For developers|AADB2C|registration_refused|API permissions/);
});
