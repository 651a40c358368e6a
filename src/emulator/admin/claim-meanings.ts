/** Explains the claims of tokens. */
const MEANINGS: Record<string, string> = {
  iss: 'Issuer: the tenant that signed the token',
  sub: 'Subject: the user, always the same in this tenant',
  aud: 'Audience: the application or API that the token is for',
  exp: 'Expires',
  nbf: 'Not valid before',
  iat: 'Issued',
  auth_time: 'Time of the sign-in',
  nonce: 'Value of the authorization request, against replay',
  tfp: 'Policy that issued the token',
  acr: 'Policy that issued the token, in lower case',
  ver: 'Version of the token format',
  tid: 'Tenant ID',
  oid: 'Object ID of the user in the directory',
  idp: 'Identity provider that the user signed in with',
  emails: 'Email addresses of the user',
  email: 'Email address',
  name: 'Display name',
  given_name: 'Given name',
  family_name: 'Surname',
  preferred_username: 'Sign-in name',
  newUser: 'The user has just signed up',
  isForgotPassword: 'The user has reset the password in this sign-in',
  idp_access_token: 'Access token of the identity provider',
  at_hash: 'Binds this token to an access token',
  c_hash: 'Binds this token to a code',
  azp: 'Application that requested the token',
  scp: 'Scopes of the API',
  roles: 'Permissions of the application',
  sid: 'Session, for front-channel logout',
  city: 'City',
  country: 'Country or region',
  postalCode: 'Postal code',
  state: 'State or province',
  streetAddress: 'Street address',
  jobTitle: 'Job title',
};

export function claimMeaning(name: string): string {
  if (Object.hasOwn(MEANINGS, name)) return MEANINGS[name] ?? '';
  return name.startsWith('extension_') ? 'Custom attribute of the directory' : '';
}
