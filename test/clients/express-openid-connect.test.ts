import { clientContract, missingPackage } from './client-contract.js';

clientContract('express-openid-connect', {
  program: 'express-openid-connect.js',
  missing: missingPackage('express-openid-connect'),
  refreshes: true,
  needsAccessToken: true,
  findsByIssuer: true,
  // It trusts the connection for the signature.
  overlooks: ['another policy', 'a wrong signature', 'an unknown key'],
});
