import type { TextId } from '../pages/languages/en.ts';
import type { Outcome, Transaction } from '../protocol/transaction.ts';
import type { LocalTenant } from '../tenant/local-tenant.ts';
import type { Field, FormErrors } from './form.ts';

/** One page of a journey: what it shows, and what its form leads to. */
export interface Step {
  page(transaction: Transaction): StepPage;
  submit(context: StepContext): FormErrors | Outcome;
}

export interface StepContext {
  tenant: LocalTenant;
  transaction: Transaction;
  form: URLSearchParams;
}

/** The page with the sign-in form, a page of fields, or the page of the telephone. */
export type StepPage = { kind: 'unified' } | SelfAssertedPage | { kind: 'phonefactor' };

export interface SelfAssertedPage {
  kind: 'self-asserted';
  heading: TextId;
  intro: TextId;
  continueLabel: TextId;
  fields(transaction: Transaction): Field[];
}
