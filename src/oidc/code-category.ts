import type { SignInErrorCode } from '../errors.ts';
import type { PortalLocation } from './portal.ts';

/** The action after an error response of the provider. */
export type ErrorAction =
  /** Another policy of the same tenant starts, by its key; the return path stays. */
  | { kind: 'start-policy'; policy: string }
  /** The user canceled: back to the page where it started; an existing session stays. */
  | { kind: 'go-back' }
  | { kind: 'fail'; code: SignInErrorCode };

export interface Category {
  /** Without it, the OAuth error decides: `sign_in_refused` for `access_denied`, otherwise `provider_refused`. */
  action?: ErrorAction;
  /** Where in the portal it is corrected. */
  portal?: PortalLocation;
}

const fail = (code: SignInErrorCode): ErrorAction => ({ kind: 'fail', code });
const registration = fail('registration_refused');

const DEFINITIONS = {
  'forgot-password': { action: { kind: 'start-policy', policy: 'resetPassword' } },
  cancel: { action: { kind: 'go-back' } },
  /** The user or the identity provider ended the sign-in, or the user has to act. */
  user: { action: fail('sign_in_refused') },
  /** B2C or a service behind it is down or overloaded. */
  unavailable: { action: fail('provider_unreachable') },
  /** A part of this application's registration, or a setting that has to match it. */
  'redirect-uri': { action: registration, portal: 'authentication' },
  'client-id': { action: registration, portal: 'application' },
  'client-type': { action: registration, portal: 'authentication' },
  'client-secret': { action: registration, portal: 'secrets' },
  scopes: { action: registration, portal: 'permissions' },
  /** A parameter of the request, which a link can change. */
  request: {},
  /** The `id_token_hint` of an invitation or a magic link. */
  hint: { action: fail('hint_refused') },
  /** A service that the policy calls. */
  service: {},
  /** The configuration of the policy, or an error inside B2C. */
  policy: { portal: 'policies' },
  /** An authorization code or refresh token that is no longer valid. */
  grant: {},
  /** B2C shows it on its own page and does not redirect back. */
  page: {},
} satisfies Record<string, Category>;

/** The category of a provider's error code. */
export type CodeCategory = keyof typeof DEFINITIONS;

export const CATEGORIES: Readonly<Record<CodeCategory, Category>> = DEFINITIONS;

/** Cause and fix of a code; `portal` if it differs from that of the category. */
export type CodeRow = [category: CodeCategory, cause: string, fix: string, portal?: PortalLocation];
