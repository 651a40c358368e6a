import type { Field, FormErrors } from './form.ts';
import type { Directory, Journey, Outcome } from './journey.ts';
import type { TextId } from './text-ids.ts';

/** One page of a journey, and the handler of its form. */
export interface Step {
  page(journey: Journey): StepPage;
  submit(context: StepContext): StepResult;
}

export type StepResult = FormErrors | Outcome;

export interface StepContext {
  journey: Journey;
  directory: Directory;
  form: URLSearchParams;
}

/** The sign-in page, a page of fields, or the phone page. */
export type StepPage = { kind: 'unified' } | SelfAssertedPage | { kind: 'phonefactor' };

export interface SelfAssertedPage {
  kind: 'self-asserted';
  heading: TextId;
  intro: TextId;
  continueLabel: TextId;
  fields: Field[];
}
