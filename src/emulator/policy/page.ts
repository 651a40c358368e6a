import type { ClaimType, EnumerationItem, UserInputType } from './claims.ts';
import type { ContentDefinition } from './content.ts';
import type { ClaimsExchange } from './policy.ts';
import type { DisplayControl, TechnicalProfile } from './technical-profile.ts';
import type { Verification } from './verification.ts';

/** A page at which a journey waits for the user. */
export interface Page {
  /** `sign-in` has a form and buttons, `providers` only buttons, `phone` asks for a number and a code. */
  readonly kind: 'sign-in' | 'fields' | 'providers' | 'phone';
  readonly contentDefinition: ContentDefinition | undefined;
  /** The profile whose form it is; absent for `providers`. */
  readonly profile: TechnicalProfile | undefined;
  readonly fields: readonly Field[];
  readonly providers: readonly ProviderButton[];
  /** Claims exchanges that the links lead to. `forgotPassword` without one returns AADB2C90118. */
  readonly links: { readonly createAccount?: string; readonly forgotPassword?: string | 'error' };
  readonly hasContinue: boolean;
  readonly hasCancel: boolean;
  readonly hasKeepMeSignedIn: boolean;
  /** Values that the user entered, or that were known before, by claim ID. Never passwords or codes. */
  readonly values: Map<string, string>;
  errors: PageErrors;
  /** The form was accepted; the journey can continue. */
  isAccepted: boolean;
}

/** Its claims exchange. */
export type ProviderButton = Pick<ClaimsExchange, 'id' | 'profile'>;

export interface Field {
  /** ID of the claim type, or of the display control for its own line. */
  readonly id: string;
  readonly claimType: ClaimType;
  readonly input: UserInputType;
  readonly isRequired: boolean;
  readonly options: readonly Pick<EnumerationItem, 'text' | 'value' | 'selectByDefault'>[];
  /** A control that shows the claim in its own way, such as a QR code. */
  readonly control?: DisplayControl;
  /** The user proves the value with a code before the page can be sent. */
  readonly verification?: Verification;
}

export interface PageErrors {
  /** Above the fields. */
  readonly page?: PageError;
  /** Next to a field, by claim ID. */
  readonly items: Readonly<Record<string, PageError>>;
}

/** The page shows `text`, or the text of its language with this ID. */
export interface PageError {
  readonly id: string;
  readonly text?: string | undefined;
  readonly values?: readonly string[];
  /** B2C's error code in JSON responses. */
  readonly code?: string | undefined;
}

export const NO_ERRORS: PageErrors = { items: {} };
