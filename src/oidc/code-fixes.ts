// Advice that several codes of several providers share.
export const NEW_SECRET =
  'Create a new client secret and set client.secret to its value, not its ID.';
export const ONE_API =
  'List the scopes of one API only; request tokens for other APIs when needed.';
export const CLIENT_ID =
  'Compare client.id with the application (client) ID, and the tenant with the one that holds the registration.';
export const WEB =
  'Register the application as Web, not as a single-page application or mobile application.';
export const NOTHING = 'No action needed; the user can try again.';
