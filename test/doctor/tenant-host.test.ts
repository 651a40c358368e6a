// The hosts of the clouds of Azure.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createReporter } from '../../dist/doctor/check.js';
import { hostCheck } from '../../dist/doctor/tenant/tenant-host.js';

describe('the host of a tenant is OK', () => {
  const rows: Record<string, string> = {
    'https://contoso.b2clogin.com/contoso.onmicrosoft.com': 'contoso.b2clogin.com',
    'https://contoso.b2clogin.cn/contoso.partner.onmschina.cn': 'contoso.b2clogin.cn',
    'https://contoso.b2clogin.us/contoso.onmicrosoft.us': 'contoso.b2clogin.us',
    'https://contoso.b2clogin.cn/11111111-1111-1111-1111-111111111111': 'contoso.b2clogin.cn',
    'https://login.contoso.cn/contoso.partner.onmschina.cn':
      'login.contoso.cn, a custom domain. Use it everywhere, because the issuer contains it, too',
  };
  for (const [authority, detail] of Object.entries(rows)) {
    test(authority, () => {
      const tenant = { kind: 'b2c', authority: new URL(authority), allowPlainHttp: false } as const;
      const check = hostCheck(tenant, createReporter());
      assert.deepEqual([check.status, check.detail], ['ok', detail]);
    });
  }
});
