// The settings that the test passes to each application.
import process from 'node:process';

export const {
  AUTHORITY, // https://localhost:1234/fabrikamb2c.onmicrosoft.com
  ISSUER, // https://localhost:1234/f0b6e55f-0000-4000-8000-000000000001/v2.0/
  STANDARD_ISSUER, // …/tfp/f0b6e55f-…/b2c_1a_standard/v2.0/, of a policy set up as the standard wants it
  CLIENT_ID,
  CLIENT_SECRET,
  API_ID, // an API of the tenant, with the scope tasks.read
  APP_URL, // http://localhost:5678
} = process.env;

/** The routes that begin a policy. */
export const POLICIES = {
  '/sign-in': 'B2C_1_susi',
  '/edit-profile': 'B2C_1_edit_profile',
  '/reset-password': 'B2C_1_reset',
  '/custom-policy': 'B2C_1A_signup_signin',
  '/policy-from-xml': 'B2C_1A_Join',
};

/** The client's own id is a scope that makes B2C give out an access token. */
export const SCOPE = `openid offline_access ${CLIENT_ID}`;

export const isForgottenPassword = (description) => description?.startsWith('AADB2C90118') ?? false;
export const isCancelled = (description) => description?.startsWith('AADB2C90091') ?? false;

/** For libraries that leave signing out at the provider to the application. */
export function endSessionUrl(policy, idToken) {
  const url = new URL(`${AUTHORITY}/${policy}/oauth2/v2.0/logout`);
  url.searchParams.set('post_logout_redirect_uri', `${APP_URL}/`);
  if (idToken) url.searchParams.set('id_token_hint', idToken);
  return url.href;
}
