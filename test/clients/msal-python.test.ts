import { spawnSync } from 'node:child_process';
import { PYTHON } from './client.js';
import { clientContract, skipReason } from './client-contract.js';

const { status } = spawnSync(PYTHON, ['-c', 'import msal']);

clientContract('MSAL Python', {
  program: 'msal-python.py',
  missing:
    status === 0 ? undefined : skipReason(`${PYTHON} has no msal: apt-get install python3-msal`),
  refreshes: true,
  needsAccessToken: false,
  // It trusts the connection and only decodes the token. Version 1.21 compares what follows, later
  // ones do less and less.
  overlooks: [
    'another issuer',
    'another policy',
    'no subject',
    'a wrong signature',
    'an unknown key',
  ],
  varies: [
    'another audience',
    'another nonce',
    'no nonce',
    'an expired token',
    'a token of the future',
  ],
});
