/** The record of a journey, step by step, for authors of policies. Secrets are masked before they get here. */
import type { ClaimValue } from './claims-bag.ts';
import type { Origin } from './origin.ts';
import type { StepType } from './policy.ts';

export interface StepTrace extends Origin {
  /** ID of the journey or sub journey. */
  readonly journey: string;
  readonly order: number;
  readonly type: StepType;
  readonly preconditions: PreconditionTrace[];
  /** Why the step did not run: a precondition, a session, or only one provider. */
  skipped?: string;
  readonly profiles: ProfileTrace[];
  /** Pages that the step showed, and their errors. */
  readonly pages: PageTrace[];
  /** Difference of the claims bag. */
  readonly changes: ClaimChange[];
  error?: string;
}

export interface PreconditionTrace extends Origin {
  readonly type: 'ClaimsExist' | 'ClaimEquals';
  readonly claim: string;
  readonly executeActionsIf: boolean;
  readonly expected: string | undefined;
  /** `undefined`: the claim has no value. */
  readonly actual: ClaimValue | undefined;
  /** True: the step is skipped. */
  readonly isSatisfied: boolean;
}

export interface ProfileTrace extends Origin {
  readonly id: string;
  readonly handler: string;
  readonly role: 'exchange' | 'validation' | 'control' | 'issuer';
  /** Metadata after the merge, with the place of each value. */
  readonly metadata: readonly (Origin & { readonly key: string; readonly value: string })[];
  session?: { readonly profile: string; readonly decision: string };
  readonly transformations: TransformationTrace[];
  inputs: Record<string, ClaimValue>;
  outputs: Record<string, ClaimValue>;
  readonly validations: ProfileTrace[];
  /** Requests to a REST API or to an identity provider. Secrets are masked. */
  readonly requests: RestTrace[];
  /** Choices on open questions, and what the handler did. */
  readonly notes: string[];
  /** Why the profile did not run or what it refused. */
  skipped?: string;
  error?: string;
}

export interface TransformationTrace extends Origin {
  readonly id: string;
  readonly method: string;
  readonly inputs: Record<string, ClaimValue | undefined>;
  readonly parameters: Record<string, string>;
  readonly outputs: Record<string, ClaimValue | undefined>;
  readonly error?: string;
}

export interface RestTrace {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** A text for a request that the browser sends. */
  status?: number | string;
  response?: string;
}

export interface PageTrace {
  readonly contentDefinition: string | undefined;
  readonly errors: string[];
  answer?: string;
}

export interface ClaimChange {
  readonly claim: string;
  readonly before: ClaimValue | undefined;
  readonly after: ClaimValue | undefined;
}
