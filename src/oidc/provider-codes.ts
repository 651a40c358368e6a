import type { TenantKindName } from '../config/tenant-kinds.ts';
import { type PortalLocation, portalPath } from './portal.ts';

/** What a code of the provider means to whoever sets this application up. */
export interface CodeExplanation {
  cause: string;
  fix: string;
  portal?: string | undefined;
}

type Row = [cause: string, fix: string, portal?: PortalLocation];

const REGISTER_URI =
  'Register the redirect URI exactly as this application sends it: B2C compares port, path, letter case and the slash at the end.';
const WEB = 'Register the application as Web, not as single-page application or mobile.';
const NEW_SECRET = 'Make a new client secret and put its value, not its id, into client.secret.';
const ONE_API = 'Name the scopes of one API alone; ask for tokens of others when they are needed.';
const CLIENT_ID =
  'Compare client.id with the application (client) id, and the tenant with its own.';
const HINT = 'Make the id_token_hint anew, as the custom policy expects it.';
const SERVICE = 'Look at the service that the policy calls, with the time and the correlation id.';
const POLICY =
  'Look the correlation id up in Application Insights; for a custom policy, see its XML.';
const NOTHING = 'Nothing: people do that. They can start again.';

/** Every code of Azure AD B2C that this program or its local tenant knows. */
const AZURE_AD_B2C: Record<string, Row> = {
  AADB2C90006: ['The redirect URI is not registered.', REGISTER_URI, 'authentication'],
  AADB2C90007: ['The application has no redirect URI at all.', REGISTER_URI, 'authentication'],
  AADB2C90008: ['The request names no application.', CLIENT_ID, 'application'],
  AADB2C90010: ['The request names no scope.', 'Report it: this program always names some.'],
  AADB2C90013: ['The response type is not supported.', WEB, 'authentication'],
  AADB2C90014: ['The response mode is not supported.', WEB, 'authentication'],
  AADB2C90018: ['No application of this id is in this tenant.', CLIENT_ID, 'application'],
  AADB2C90027: ['A service refused the user name and password of the policy.', SERVICE],
  AADB2C90028: ['A service refused the client certificate of the policy.', SERVICE],
  AADB2C90035: ['B2C is not available.', 'Wait, and look at the status page of Azure.'],
  AADB2C90036: [
    'The sign-out names no address to go back to.',
    'Register the address after signing out too.',
    'authentication',
  ],
  AADB2C90037: ['A fault inside B2C.', POLICY],
  AADB2C90043: ['The prompt is none that B2C knows.', 'Take the odd prompt out of the link.'],
  AADB2C90046: [
    'The cookie of this sign-in at B2C is lost.',
    'Start from this application, not from a bookmark of the page of B2C.',
  ],
  AADB2C90047: [
    'The content of a page could not be loaded.',
    'Let the server of your page content answer over https with CORS for the host of B2C.',
    'policies',
  ],
  AADB2C90048: ['A fault inside B2C or of the policy.', POLICY],
  AADB2C90053: ['There is no such account.', NOTHING],
  AADB2C90054: ['The password is wrong.', NOTHING],
  AADB2C90055: [
    'The scope names no API where one is needed.',
    'Name a scope that the application has a permission for.',
    'permissions',
  ],
  AADB2C90057: ['The registration does not allow this kind of answer.', WEB, 'authentication'],
  AADB2C90067: [
    'The address after signing out is not one that B2C takes.',
    'Register it as a redirect URI; it begins with https, but for localhost.',
    'authentication',
  ],
  AADB2C90068: [
    'The application is registered for accounts of another kind.',
    'Register it anew for accounts in any identity provider or organizational directory.',
    'application',
  ],
  AADB2C90077: [
    'Nobody is signed in at B2C, and it was not to ask.',
    'Leave out prompt=none, or begin a sign-in with pages.',
  ],
  AADB2C90079: [
    'B2C expects a client secret and got none.',
    'Set client.secret, and client.authMethod to client_secret_post.',
    'secrets',
  ],
  AADB2C90080: [
    'A code or refresh token has expired.',
    'Sign in again; if it happens at once, mend the clock of this machine.',
  ],
  AADB2C90081: ['The client secret is wrong, or has expired.', NEW_SECRET, 'secrets'],
  AADB2C90083: ['A parameter is missing.', 'See that no proxy cuts queries or forms.'],
  AADB2C90084: ['A secret came from a public client.', WEB, 'authentication'],
  AADB2C90085: ['A fault inside B2C, or a code that it cannot read.', POLICY],
  AADB2C90086: ['The grant type is not supported.', WEB, 'authentication'],
  AADB2C90088: [
    'A code or refresh token of another policy.',
    'Sign in again after the name of a policy was changed.',
  ],
  AADB2C90091: ['Somebody pressed Cancel.', NOTHING],
  AADB2C90092: ['The application is disabled.', 'Enable it again.', 'application'],
  AADB2C90110: ['An ID token was asked for without openid.', 'Report it.'],
  AADB2C90111: ['The account is locked.', 'Wait, or unlock it in the portal.'],
  AADB2C90114: ['The account is locked for a while.', 'Wait some minutes.'],
  AADB2C90115: ['A code was asked for without openid and without an API.', 'Report it.'],
  AADB2C90117: [
    'A scope does not exist.',
    'Compare scopes with the API in this tenant; scopes of Graph are not for B2C.',
    'permissions',
  ],
  AADB2C90118: [
    'Somebody has forgotten the password.',
    'Set policies.resetPassword, or let the sign-in flow reset passwords inside.',
    'policies',
  ],
  AADB2C90120: ['max_age is no number.', 'Give max_age in seconds.'],
  AADB2C90122: [
    'A parameter holds markup.',
    'Take characters such as < and & out of what is passed on.',
  ],
  AADB2C90128: ['The account does not exist any more.', NOTHING],
  AADB2C90129: ['The grant was withdrawn, by a new password for example.', NOTHING],
  AADB2C90145: [
    'There is no telephone number for the second factor.',
    'Enter one for the account, or change the second factor of the policy.',
    'policies',
  ],
  AADB2C90146: ['Scopes of two APIs at once.', ONE_API, 'permissions'],
  AADB2C90151: ['Too many wrong codes of the second factor.', NOTHING],
  AADB2C90157: ['A form was filled in wrongly too often.', NOTHING],
  AADB2C90182: ['The code verifier does not fit.', 'Report it.'],
  AADB2C90183: ['The code verifier is missing or malformed.', 'See that no proxy cuts forms.'],
  AADB2C90184: ['The code challenge is of an unknown kind.', 'Report it.'],
  AADB2C90205: [
    'The application has no permission for a scope.',
    'Add the permission, and grant the consent of an administrator.',
    'permissions',
  ],
  AADB2C90208: ['The id_token_hint has expired.', HINT],
  AADB2C90209: ['The id_token_hint is for somebody else.', HINT],
  AADB2C90210: ['The id_token_hint is not valid.', HINT],
  AADB2C90211: ['The cookie of this sign-in at B2C is incomplete.', NOTHING],
  AADB2C90212: ['The cookie of this sign-in at B2C is not valid.', NOTHING],
  AADB2C90224: ['The password grant is not enabled.', 'Use a policy with pages.', 'policies'],
  AADB2C90225: ['User name or password of the password grant are wrong.', NOTHING],
  AADB2C90232: ['The id_token_hint is of another issuer.', HINT],
  AADB2C90233: ['The signature of the id_token_hint is not valid.', HINT],
  AADB2C90244: [
    'Too many requests.',
    'Wait a minute, and compare the traffic with the limits of B2C.',
  ],
  AADB2C90255: ['A service that the policy calls did not answer as it should.', SERVICE],
  AADB2C90272: ['The id_token_hint is missing.', HINT],
  AADB2C90273: [
    'The identity provider refused, or somebody refused there.',
    'If it is everybody, look at client id, secret and redirect URI that B2C has at that provider.',
    'policies',
  ],
  AADB2C90279: ['The code or refresh token is of another application.', CLIENT_ID, 'application'],
  AADB2C90287: ['The redirect URI is malformed.', 'Mend baseUrl and routes.callback.'],
  AADB2C90289: [
    'B2C cannot reach the identity provider.',
    'Look at the addresses that B2C has of that provider.',
    'policies',
  ],
  AADB2C99005: ['A scope holds a character that is not allowed.', 'Mend scopes.'],
  AADB2C99059: [
    'The redirect URI is registered for a single-page application.',
    WEB,
    'authentication',
  ],
};

/** Those of Microsoft Entra that belong to the same mistakes. */
const MICROSOFT_ENTRA: Record<string, Row> = {
  AADSTS28000: ['Scopes of two APIs at once.', ONE_API, 'permissions'],
  AADSTS50011: [
    'The redirect URI is not registered.',
    'Register the redirect URI exactly as this application sends it.',
    'authentication',
  ],
  AADSTS50058: ['Nobody is signed in there, and it was not to ask.', 'Begin a sign-in with pages.'],
  AADSTS65001: [
    'There is no consent to a permission.',
    'Grant the consent of an administrator.',
    'permissions',
  ],
  AADSTS65004: ['Somebody refused the consent.', NOTHING],
  AADSTS70011: ['A scope does not exist.', 'Compare scopes with the API.', 'permissions'],
  AADSTS700016: ['No application of this id is in this tenant.', CLIENT_ID, 'application'],
  AADSTS700054: ['The registration does not allow this kind of answer.', WEB, 'authentication'],
  AADSTS7000112: ['The application is disabled.', 'Enable it again.', 'application'],
  AADSTS7000215: ['The client secret is wrong.', NEW_SECRET, 'secrets'],
  AADSTS7000218: ['A client secret is expected and none came.', 'Set client.secret.', 'secrets'],
  AADSTS7000222: ['The client secret has expired.', NEW_SECRET, 'secrets'],
};

export const EXPLAINED_CODES: readonly string[] = [AZURE_AD_B2C, MICROSOFT_ENTRA].flatMap(
  Object.keys,
);

/** What a code means; `undefined` for one that is not known here. */
export function explainCode(code: string | undefined): CodeExplanation | undefined {
  if (code === undefined) return undefined;
  const row = rowOf(AZURE_AD_B2C, code);
  if (row) return explanation('b2c', row);
  const other = rowOf(MICROSOFT_ENTRA, code);
  return other && explanation('external-id', other);
}

const rowOf = (table: Record<string, Row>, code: string): Row | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

function explanation(kind: TenantKindName, [cause, fix, portal]: Row): CodeExplanation {
  return { cause, fix, portal: portal && portalPath(kind, portal) };
}
