import { clientContract, missingPackage } from './client-contract.js';

clientContract('openid-client', {
  program: 'openid-client.js',
  missing: missingPackage('openid-client'),
  refreshes: true,
  needsAccessToken: true,
  findsByIssuer: true,
  // With enableNonRepudiationChecks(), without which it trusts the connection.
  overlooks: ['another policy'],
});
