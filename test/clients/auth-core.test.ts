import { clientContract, missingPackage } from './client-contract.js';

clientContract('@auth/core', {
  program: 'auth-core.js',
  missing: missingPackage('@auth/core'),
  refreshes: false,
  needsAccessToken: true,
  findsByIssuer: true,
  // It trusts the connection for the signature.
  overlooks: ['another policy', 'a wrong signature', 'an unknown key'],
});
