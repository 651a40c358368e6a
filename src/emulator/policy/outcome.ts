import type { ClaimValue } from './claims-bag.ts';
import type { Page } from './page.ts';
import type { ClaimsExchange } from './policy.ts';
import type { TechnicalProfile } from './technical-profile.ts';

/** The point at which a journey waits or has ended. */
export type Stop =
  | { readonly kind: 'page'; readonly page: Page }
  /** The user signs in at an identity provider. */
  | { readonly kind: 'provider'; readonly exchange: ClaimsExchange }
  | { readonly kind: 'end'; readonly outcome: Outcome };

export type Outcome =
  | {
      readonly kind: 'token';
      /** Claims of the relying party, by their names in the token. */
      readonly claims: Readonly<Record<string, ClaimValue>>;
      /** The account, if the journey found one. */
      readonly objectId: string | undefined;
      readonly issuer: TechnicalProfile;
      readonly keep: boolean;
    }
  /** The answer of a userinfo journey. */
  | { readonly kind: 'json'; readonly claims: Readonly<Record<string, ClaimValue>> }
  | JourneyFailure;

/** An error for the application: B2C's code, or the error of an `OAuth2Error` issuer. */
export interface JourneyFailure {
  readonly kind: 'error';
  readonly code: string;
  /** OAuth error of a custom error issuer. */
  readonly error?: string;
  readonly message: string;
  /** A page of the tenant shows this text, and the application gets no response. */
  readonly blockText?: string;
}
