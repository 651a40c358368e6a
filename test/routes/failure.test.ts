// Each kind of failure has its status and log level, and shows no text of the provider.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertAlive, assertRejected, startCase, visit } from '../support/check-result.js';
import { type Faults, type Json, sendJson, type Wire } from '../support/faulty-provider.js';
import { shared } from '../support/shared.js';

const LEVELS = { info: 30, warn: 40, error: 50 };
const MARKER = 'marker-of-the-provider';

const refusal =
  (status: number, error: string): Wire =>
  (response) => {
    const body = { error, error_description: MARKER, error_uri: MARKER, refresh_token: MARKER };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const token = (wire: Wire): Faults => ({ wire: { token: wire } });
const claim = (name: string, value: unknown): Faults => ({
  claims: (right) => ({ ...right, marker: MARKER, [name]: value }),
});
const back = (more: Record<string, string>): Faults => ({
  callback(parameters) {
    parameters.delete('code');
    parameters.set('error_description', MARKER);
    for (const [name, value] of Object.entries(more)) parameters.set(name, value);
  },
});
const answer = (change: (right: Json) => Json): Faults => ({
  token: (right) => change({ ...right, marker: MARKER }),
});

const ADVICE = new Map(
  ['client_refused', 'metadata_refused', 'provider_unreachable', 'registration_refused'].map(
    (code) => [code, 'if it persists, run the doctor command (docs/doctor.md)'],
  ),
);

describe('a sign-in that fails because of', () => {
  const sharedCase = shared((scope) => startCase(scope));
  const rows: [name: string, status: number, level: keyof typeof LEVELS, code: string, Faults][] = [
    ['denied access', 403, 'info', 'sign_in_refused', back({ error: 'access_denied' })],
    ['another error', 400, 'info', 'provider_refused', back({ error: 'server_error' })],
    ['an unknown error', 400, 'info', 'provider_refused', back({ error: 'an_unknown_error' })],
    ['a response without code', 400, 'warn', 'callback_malformed', back({})],
    [
      'a forged state',
      400,
      'warn',
      'callback_without_attempt',
      back({ state: `${MARKER}${'x'.repeat(21)}` }),
    ],
    ['another issuer in the response', 400, 'warn', 'callback_malformed', back({ iss: MARKER })],
    ['a used or old code', 400, 'warn', 'grant_refused', token(refusal(400, 'invalid_grant'))],
    [
      'missing permissions',
      502,
      'error',
      'registration_refused',
      back({ error: 'unauthorized_client', error_description: `AADB2C90205: ${MARKER}` }),
    ],
    [
      'a wrong client secret',
      502,
      'error',
      'client_refused',
      token(refusal(401, 'invalid_client')),
    ],
    [
      'the registration',
      502,
      'error',
      'client_refused',
      token(refusal(400, 'unauthorized_client')),
    ],
    [
      'an unknown OAuth error',
      502,
      'error',
      'provider_response_invalid',
      token(refusal(400, 'an_unknown_error')),
    ],
    ['a claim', 502, 'error', 'id_token_refused', claim('nonce', MARKER)],
    ['a claim that only b2c-signin checks', 502, 'error', 'id_token_refused', claim('azp', MARKER)],
    ['another policy', 502, 'error', 'policy_mismatch', claim('tfp', MARKER)],
    ['a signature', 502, 'error', 'id_token_refused', { signature: () => Buffer.from(MARKER) }],
    ['a key', 502, 'error', 'id_token_refused', { header: (right) => ({ ...right, kid: MARKER }) }],
    [
      'a missing access token',
      502,
      'error',
      'provider_response_invalid',
      answer(({ access_token: _, ...others }) => others),
    ],
    [
      'a missing ID token',
      502,
      'error',
      'provider_response_invalid',
      answer(({ id_token: _, ...others }) => others),
    ],
    [
      'a token type',
      502,
      'error',
      'provider_response_invalid',
      answer((right) => ({ ...right, token_type: MARKER })),
    ],
    [
      'a response that is not JSON',
      502,
      'error',
      'provider_response_invalid',
      token((response, body) => sendJson(response, MARKER + body)),
    ],
    [
      'a provider that returns 503',
      503,
      'error',
      'provider_unreachable',
      token(refusal(503, 'temporarily_unavailable')),
    ],
    [
      'a closed connection',
      503,
      'error',
      'provider_unreachable',
      token((response) => response.destroy()),
    ],
    [
      'keys',
      502,
      'error',
      'metadata_refused',
      { wire: { keys: (response) => sendJson(response, `"${MARKER}"`) } },
    ],
    [
      'metadata',
      502,
      'error',
      'metadata_refused',
      { metadata: (right) => ({ ...right, issuer: MARKER }) },
    ],
  ];
  for (const [name, status, level, code, faults] of rows) {
    test(`${name} is a ${status}, in the log with level ${level}, and leaks nothing`, async (t) => {
      // Documents that are loaded once need a new application.
      const isAtStart = faults.metadata !== undefined || faults.wire?.keys !== undefined;
      const started = isAtStart ? await startCase(t, { faults: () => faults }) : sharedCase();
      if (!isAtStart) started.log.clear();
      started.provider.faults = faults;
      const result = await visit(started);
      await assertRejected(started, result);
      assert.equal(result.answer.status, status);
      assert.equal(result.answer.headers['retry-after'], status === 503 ? '5' : undefined);
      const [line] = started.log.of('sign_in_failed');
      assert.equal(line?.['code'], code);
      assert.equal(line?.['level'], LEVELS[level]);
      assert.equal(line?.['advice'], ADVICE.get(code));
      assert.doesNotMatch(result.answer.body, /doctor/, 'advice is not for users');
      await assertAlive(started);
    });
  }
});
