import type { LocalTenant } from '../local-tenant.ts';
import type { Outcome, Transaction } from '../transaction.ts';
import type { Field, FormErrors } from './form.ts';

/** One page of a journey: what it shows, and what its form leads to. */
export interface Step {
  page: UnifiedPage | SelfAssertedPage;
  submit(context: StepContext): FormErrors | Outcome;
}

export interface StepContext {
  tenant: LocalTenant;
  transaction: Transaction;
  form: URLSearchParams;
}

/** The page with the sign-in form. */
export interface UnifiedPage {
  kind: 'unified';
}

/** A page of fields, most of them claims. */
export interface SelfAssertedPage {
  kind: 'self-asserted';
  heading: string;
  intro: string;
  continueLabel: string;
  fields(transaction: Transaction): Field[];
}
