import type { Accounts } from '../state/accounts.ts';
import type { Mailbox } from '../state/mailbox.ts';
import type { ClaimsBag, ClaimValue } from './claims-bag.ts';
import type { Page } from './page.ts';
import type { ClaimsExchange, OrchestrationStep, Policy } from './policy.ts';
import type { RestRequest, RestResponse } from './rest-call.ts';
import type { TechnicalProfile } from './technical-profile.ts';
import type { PageTrace, ProfileTrace, StepTrace } from './trace.ts';

/**
 * One user on the way through a policy. A run holds no request and no response: it stops at a page,
 * continues with the answer, and ends in an outcome.
 */
export interface JourneyRun {
  readonly policy: Policy;
  readonly tenant: JourneyTenant;
  readonly request: JourneyRequest;
  /** Language of the pages, such as `en` or `pt-BR`. */
  readonly language: string;
  readonly bag: ClaimsBag;
  /** The journey, and the sub journeys in which it is; the innermost is the last. */
  readonly frames: Frame[];
  readonly sso: SsoClaims;
  /** Claims of the token that started a refresh or userinfo journey, by name in lower case. */
  readonly presented?: ReadonlyMap<string, ClaimValue> | undefined;
  /** Codes of `OneTimePassword…` and other profiles that keep something between two exchanges, by their own key. */
  readonly memory: Map<string, unknown>;
  readonly trace: StepTrace[];
  /** The page or the identity provider for whose answer the journey waits. */
  waiting: Waiting | undefined;
}

export type Waiting =
  | {
      readonly kind: 'page';
      readonly page: Page;
      /** Absent for a page of buttons only. */
      readonly visit: PageVisit | undefined;
      /** Ends the journey when it continues. */
      failure?: Error;
    }
  | ({ readonly kind: 'provider' } & ProviderVisit);

/** An identity provider while the user is there. */
export interface ProviderVisit extends Exchange {
  readonly exchange: ClaimsExchange;
  /** Absent at a simulated provider. */
  request?: ProviderRequest;
}

/** Parts of an authorization request that the response or the tokens repeat. */
export interface ProviderRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
}

/** Form values, by claim ID. Several choices are separated by commas. */
export type FormValues = ReadonlyMap<string, string>;

/** The page of a technical profile while it is shown. */
export interface PageVisit extends ProfileVisit {
  readonly page: Page;
  readonly pageTrace: PageTrace;
  /** Outputs of display controls. They are seen by the validation profiles. */
  readonly proven: ClaimsBag;
  refusals: number;
}

/** One orchestration step while it runs. */
export interface StepVisit {
  readonly step: OrchestrationStep;
  readonly frame: Frame;
  readonly trace: StepTrace;
}

/** Position within a journey or sub journey. */
export interface Frame {
  readonly id: string;
  readonly steps: readonly OrchestrationStep[];
  index: number;
  /** ID of the claims exchange that a selection step chose for the following step. */
  selectedExchange: string | undefined;
}

/** Claims that session providers read and write, by the ID of the session profile in lower case. */
export interface SsoClaims {
  /** The browser's SSO session before the journey. Empty without a session, or with `prompt=login`. */
  readonly restored: ReadonlyMap<string, ReadonlyMap<string, ClaimValue>>;
  /** Claims that this journey adds. */
  readonly stored: Map<string, Map<string, ClaimValue>>;
  /** "Keep me signed in" was selected. */
  isKept: boolean;
}

/** The authorization request (or token request) that started the journey. */
export interface JourneyRequest {
  /** All parameters of the request, by name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly ipAddress: string;
  /** Host of the tenant as the browser requested it. */
  readonly host: string;
  readonly correlationId: string;
}

/** Parts of the tenant that journeys read and change. */
export interface JourneyTenant {
  readonly domain: string;
  /** Object ID of the tenant. */
  readonly id: string;
  readonly accounts: Accounts;
  readonly mailbox: Mailbox;
  readonly lockout: { readonly failures: number; readonly seconds: number };
  /** Sent instead of random verification codes. */
  readonly fixedVerificationCode: string | undefined;
  /** Value of a policy key (`B2C_1A_…`). */
  secret(storageReferenceId: string): string;
  /** Sends a request to a REST API, if the tenant allows its address. @throws JourneyError */
  fetchRest(request: RestRequest): Promise<RestResponse>;
  /** Epoch milliseconds. */
  now(): number;
}

/** Policy keys, REST APIs and identity providers of custom policies. */
export interface OutsideWorld extends Pick<JourneyTenant, 'secret' | 'fetchRest'> {
  /** Replacements for the starts of URLs, also of page contents. */
  readonly rest: Readonly<Record<string, string>>;
  /** Identity providers on this computer are simulated too. */
  readonly simulatesProviders: boolean;
}

/** Where a technical profile runs: in a step, or within a page with the claims that the user typed. */
export interface Scope {
  readonly run: JourneyRun;
  /** In a step the bag of the run; in a validation a copy with the typed values. */
  readonly bag: ClaimsBag;
  /** Its metadata has the texts of errors: the page's profile in a validation, else the profile itself. */
  readonly messages: TechnicalProfile;
}

/** A technical profile while it runs. */
export interface ProfileVisit extends Scope {
  readonly profile: TechnicalProfile;
  readonly trace: ProfileTrace;
}

/** One call of a technical profile's handler. */
export interface Exchange extends ProfileVisit {
  /** Input claims by partner name in lower case, with defaults applied. */
  readonly inputs: ReadonlyMap<string, ClaimValue>;
}

/** Output claims by partner name in lower case. */
export type Outputs = ReadonlyMap<string, ClaimValue>;

/** Runs a technical profile that shows no page. @throws ClaimsError, JourneyError */
export type AutomaticHandler = (exchange: Exchange) => Outputs | Promise<Outputs>;
