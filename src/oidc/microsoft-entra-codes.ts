import type { CodeRow } from './code-category.ts';
import { CLIENT_ID, NEW_SECRET, NOTHING, ONE_API, WEB } from './code-fixes.ts';

/** Codes of Microsoft Entra (External ID) for the same errors. */
export const MICROSOFT_ENTRA = {
  AADSTS28000: ['scopes', 'The request has scopes of two APIs.', ONE_API],
  AADSTS50011: [
    'redirect-uri',
    'The redirect URI is not registered.',
    'Register the redirect URI exactly as this application sends it.',
  ],
  AADSTS50058: [
    'user',
    'No user is signed in there, and the request allowed no page.',
    'Start a sign-in with pages.',
  ],
  AADSTS65001: ['scopes', 'A permission has no consent.', 'Grant admin consent.'],
  AADSTS65004: ['user', 'The user declined consent.', NOTHING],
  AADSTS70011: ['scopes', 'A scope does not exist.', 'Compare scopes with the API.'],
  AADSTS700016: ['client-id', 'The tenant has no application with this client ID.', CLIENT_ID],
  AADSTS700054: ['client-type', 'The registration does not allow this response type.', WEB],
  AADSTS7000112: ['client-id', 'The application is disabled.', 'Enable it.'],
  AADSTS7000215: ['client-secret', 'The client secret is wrong.', NEW_SECRET],
  AADSTS7000218: [
    'client-secret',
    'A client secret is required and was not sent.',
    'Set client.secret.',
  ],
  AADSTS7000222: ['client-secret', 'The client secret has expired.', NEW_SECRET],
} satisfies Record<string, CodeRow>;
