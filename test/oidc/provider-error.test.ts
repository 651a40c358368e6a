import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { SignInError } from '../../dist/errors.js';
import { asSignInError, parseDescription } from '../../dist/oidc/provider-error.js';

const GUID = '675c4ad8-eb39-4b4d-9e41-852a2aac9f19';

const bodyError = (error: string, error_description: string) =>
  new ResponseBodyError('SECRET', {
    cause: { error, error_description },
    response: new Response(null, { status: 400 }),
  });

describe('an error of a request to the provider becomes a SignInError:', () => {
  const inner = new SignInError('provider_unreachable', 'no answer');
  const rows: [string, unknown, string][] = [
    ['a nested SignInError', new ClientError('x', { cause: inner }), 'provider_unreachable'],
    ['invalid_grant', bodyError('invalid_grant', ''), 'grant_refused'],
    ['invalid_client', bodyError('invalid_client', ''), 'client_refused'],
    ['unauthorized_client', bodyError('unauthorized_client', ''), 'client_refused'],
    [
      'another error of the token endpoint',
      bodyError('invalid_request', ''),
      'provider_response_invalid',
    ],
    [
      'a challenge for other client authentication',
      new WWWAuthenticateChallengeError('SECRET', {
        cause: [],
        response: new Response(null, { status: 401 }),
      }),
      'client_refused',
    ],
    [
      'an error named like a member of every object',
      bodyError('constructor', ''),
      'provider_response_invalid',
    ],
    ['an error without name', new ClientError('SECRET'), 'provider_response_invalid'],
    ['a value that is not an error', 'SECRET', 'provider_response_invalid'],
  ];
  for (const [name, error, code] of rows) {
    test(name, () => {
      const known = asSignInError(error);
      assert.equal(known.code, code);
      assert.doesNotMatch(known.message, /SECRET/);
    });
  }
});

test("B2C's error code and correlation ID are kept, its message is not", () => {
  const text = `AADB2C90081: SECRET\r\nCorrelation ID: ${GUID}\r\nTimestamp: 2026-01-01 00:00:00Z\r\n`;
  const known = asSignInError(bodyError('invalid_client', text));
  assert.equal(known.providerCode, 'AADB2C90081');
  assert.equal(known.providerCorrelationId, GUID);
  assert.doesNotMatch(known.message, /SECRET/);
});

test('the error code of Microsoft Entra is kept too', () => {
  const text = `AADSTS65004: SECRET Trace ID: x Correlation ID: ${GUID} Timestamp: 2026-01-01`;
  assert.deepEqual(parseDescription(text), { providerCode: 'AADSTS65004', correlationId: GUID });
});

test('a description in another format has neither', () => {
  for (const text of [
    null,
    undefined,
    '',
    'xAADB2C90081',
    'AADB2C123',
    'AADSTS12345678',
    'Correlation ID: x',
  ]) {
    assert.deepEqual(parseDescription(text), { providerCode: undefined, correlationId: undefined });
  }
});
