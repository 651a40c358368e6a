// Advice that several codes of several providers share.
export const NEW_SECRET =
  'Create a new client secret and set client.secret to its value, not its ID.';
export const ONE_API =
  'List the scopes of one API only; request tokens for other APIs when needed.';
export const CLIENT_ID =
  'Compare client.id with the application (client) ID, and the tenant with the one that contains the registration.';
export const WEB =
  'Register the application as Web, not as a single-page application or mobile application.';
export const NOTHING = 'No action needed; the user can try again.';
export const REGISTER_URI =
  'Register the redirect URI exactly as this application sends it: B2C compares port, path, case and trailing slash.';
export const SERVICE = 'Check the service that the policy calls, by time and correlation ID.';
export const POLICY =
  'Look up the correlation ID in Application Insights; for a custom policy, check its XML.';
export const POLICY_XML = 'Correct the XML of the custom policy.';
export const POLICY_KEY = 'Check the policy key in the Identity Experience Framework.';
export const SAML = 'Check the SAML technical profile and the metadata of the partner.';
export const BUG = 'Report it as a bug of b2c-signin.';
export const PASSWORD_GRANT = 'Use a policy with pages.';
export const PAGE_CONTENT = 'Serve the page content over HTTPS, with CORS for the host of B2C.';
