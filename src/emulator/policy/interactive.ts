/** Technical profiles that wait for the user: pages of fields, the phone page, and identity providers. */
import { JourneyError } from './claims-error.ts';
import { createFieldsPage, type PageFrame } from './fields-page.ts';
import { isPasswordGrant } from './handlers/password-grant.ts';
import type { Stop } from './outcome.ts';
import { NO_ERRORS, type Page, type PageErrors } from './page.ts';
import { createPhonePage, submitPhone } from './phone-page.ts';
import type { ClaimsExchange } from './policy.ts';
import type { FormValues, JourneyRun, PageVisit, ProfileVisit, StepVisit } from './run.ts';
import { prepareProfile } from './run-profile.ts';
import { submitFields } from './submit-page.ts';
import type { Handler, TechnicalProfile } from './technical-profile.ts';
import type { StepTrace } from './trace.ts';

const INTERACTIVE: readonly Handler[] = [
  ...(['self-asserted', 'phone-factor', 'openid-connect', 'oauth2', 'oauth1', 'saml'] as const),
];

export const isInteractive = (profile: TechnicalProfile): boolean =>
  INTERACTIVE.includes(profile.handler) && !isPasswordGrant(profile);

/** Shows the page of a profile, or sends the user to its identity provider. */
export async function waitForProfile(
  visit: ProfileVisit,
  { trace: stepTrace }: StepVisit,
  exchange: ClaimsExchange,
): Promise<Stop | undefined> {
  const { run, profile } = visit;
  const inputs = prepareProfile(visit);
  if (profile.handler === 'phone-factor') {
    return waitAtPage(openPage(visit, stepTrace, createPhonePage(visit)));
  }
  if (profile.handler !== 'self-asserted') {
    run.waiting = { ...visit, kind: 'provider', exchange, inputs };
    return { kind: 'provider', exchange };
  }
  const pageVisit = openPage(visit, stepTrace, createFieldsPage(visit));
  if (pageVisit.page.fields.length > 0) return waitAtPage(pageVisit);
  // As in B2C: nothing to ask, so the page is left out. Its validation profiles still run.
  const errors = await submitFields(pageVisit, new Map());
  if (errors) throw new JourneyError(errors.page?.text ?? `${profile.id}: ${errors.page?.id}`);
  return undefined;
}

/** Shows a page of buttons, with a form if a profile has one. */
export function waitForSelection(
  run: JourneyRun,
  { trace: stepTrace }: StepVisit,
  { page: frame, form }: { page: PageFrame; form: ProfileVisit | undefined },
): Stop {
  if (form) {
    stepTrace.profiles.push(form.trace);
    prepareProfile(form);
    return waitAtPage(openPage(form, stepTrace, createFieldsPage(form, frame)));
  }
  const page: Page = {
    ...{ ...frame, profile: undefined, fields: [], values: new Map() },
    ...{ hasContinue: false, hasCancel: false, hasKeepMeSignedIn: false },
    ...{ errors: NO_ERRORS, isAccepted: false },
  };
  stepTrace.pages.push({ contentDefinition: frame.contentDefinition?.id, errors: [] });
  run.waiting = { kind: 'page', page, visit: undefined };
  return { kind: 'page', page };
}

function openPage(visit: ProfileVisit, { pages }: StepTrace, page: Page): PageVisit {
  const pageTrace = { contentDefinition: page.contentDefinition?.id, errors: [] };
  pages.push(pageTrace);
  return { ...visit, page, pageTrace, proven: new Map(), refusals: 0 };
}

function waitAtPage(visit: PageVisit): Stop {
  const { run, page } = visit;
  run.waiting = { kind: 'page', page, visit };
  return { kind: 'page', page };
}

/** Takes the form of a page. @returns the errors that the page shows */
export async function submitForm(
  visit: PageVisit,
  form: FormValues,
): Promise<PageErrors | undefined> {
  const { page, pageTrace } = visit;
  const errors = page.kind === 'phone' ? submitPhone(visit) : await submitFields(visit, form);
  if (errors) pageTrace.errors.push(errors.page?.id ?? Object.keys(errors.items).join(', '));
  return errors;
}
