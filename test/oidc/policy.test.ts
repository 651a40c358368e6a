import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatPolicyRef, isSamePolicy, parseTenantId } from '../../dist/oidc/policy.js';

const TENANT = 'f0b6e55f-0000-4000-8000-000000000001';
const authority = new URL('https://contoso.b2clogin.com/contoso.onmicrosoft.com');
const policy = { key: 'signIn', name: 'B2C_1_susi', signsIn: true, path: '/auth/sign_in' as never };
const parse = (issuer: string) => parseTenantId(issuer, { authority, policy });

describe('the tenant ID is parsed from an issuer in one of the two forms', () => {
  const rows: [string, string][] = [
    ['the default form', `https://contoso.b2clogin.com/${TENANT}/v2.0/`],
    ['with tfp and the policy', `https://contoso.b2clogin.com/tfp/${TENANT}/b2c_1_susi/v2.0/`],
    [
      'with the policy in another case',
      `https://contoso.b2clogin.com/tfp/${TENANT}/B2C_1_susi/v2.0/`,
    ],
  ];
  for (const [name, issuer] of rows) test(name, () => assert.equal(parse(issuer), TENANT));
});

describe('every other issuer is rejected', () => {
  const rows: [string, string][] = [
    ['another host', `https://evil.b2clogin.com/${TENANT}/v2.0/`],
    ['a longer host', `https://contoso.b2clogin.com.evil.example/${TENANT}/v2.0/`],
    ['another scheme', `http://contoso.b2clogin.com/${TENANT}/v2.0/`],
    ['another port', `https://contoso.b2clogin.com:444/${TENANT}/v2.0/`],
    ['no trailing slash', `https://contoso.b2clogin.com/${TENANT}/v2.0`],
    ['more text at the end', `https://contoso.b2clogin.com/${TENANT}/v2.0/1`],
    ['another path in front', `https://contoso.b2clogin.com/x/${TENANT}/v2.0/`],
    [
      'a tenant name instead of its ID',
      'https://contoso.b2clogin.com/contoso.onmicrosoft.com/v2.0/',
    ],
    ['another policy', `https://contoso.b2clogin.com/tfp/${TENANT}/b2c_1_other/v2.0/`],
    ['an empty string', ''],
  ];
  for (const [name, issuer] of rows) test(name, () => assert.equal(parse(issuer), undefined));
});

test('names of policies are compared without regard to case', () => {
  assert.equal(isSamePolicy('B2C_1_SUSI', 'b2c_1_susi'), true);
  assert.equal(isSamePolicy('B2C_1_susi', 'B2C_1_susi1'), false);
});

test('the text of a reference names the tenant, except the main one', () => {
  assert.equal(formatPolicyRef({ tenant: '', policy: 'signIn' }), 'signIn');
  assert.equal(formatPolicyRef({ tenant: 'external', policy: 'signIn' }), 'external/signIn');
});
