/** Technical profiles that wait for the user: pages of fields, the phone page, and identity providers. */
import { JourneyError } from './claims-error.ts';
import { createFieldsPage, type PageFrame } from './fields-page.ts';
import type { Stop } from './outcome.ts';
import { NO_ERRORS, type Page } from './page.ts';
import { isPasswordGrant } from './password-grant-profile.ts';
import { createPhonePage, submitPhone } from './phone-page.ts';
import type { ClaimsExchange } from './policy.ts';
import type { JourneyRun, PageVisit, StepVisit } from './run.ts';
import { prepareProfile } from './run-profile.ts';
import { submitFields } from './submit-page.ts';
import type { Handler, TechnicalProfile } from './technical-profile.ts';
import type { ProfileTrace } from './trace.ts';

const INTERACTIVE: readonly Handler[] = [
  ...(['self-asserted', 'phone-factor', 'openid-connect', 'oauth2', 'oauth1', 'saml'] as const),
];

export const isInteractive = (profile: TechnicalProfile): boolean =>
  INTERACTIVE.includes(profile.handler) && !isPasswordGrant(profile);

/** Shows the page of a profile, or sends the user to its identity provider. */
export async function waitForProfile(
  run: JourneyRun,
  visit: StepVisit,
  { exchange, trace }: { exchange: ClaimsExchange; trace: ProfileTrace },
): Promise<Stop | undefined> {
  const { profile } = exchange;
  const scope = { run, bag: run.bag, messages: profile };
  const inputs = prepareProfile(scope, profile, trace);
  if (profile.handler === 'phone-factor') {
    return waitAtPage(run, visit, { page: createPhonePage(scope, profile), profile, trace });
  }
  if (profile.handler !== 'self-asserted') {
    run.waiting = { kind: 'provider', exchange, inputs, trace };
    return { kind: 'provider', exchange };
  }
  const page = createFieldsPage(scope, profile);
  if (page.fields.length > 0) return waitAtPage(run, visit, { page, profile, trace });
  // As in B2C: nothing to ask, so the page is left out. Its validation profiles still run.
  const errors = await submitFields(run, openPage(visit, { page, profile, trace }), new Map());
  if (errors) throw new JourneyError(errors.page?.text ?? `${profile.id}: ${errors.page?.id}`);
  return undefined;
}

/** Shows a page of buttons, with a form if a profile has one. */
export function waitForSelection(
  run: JourneyRun,
  visit: StepVisit,
  { page: frame, form }: { page: PageFrame; form: Omit<ShownPage, 'page'> | undefined },
): Stop {
  if (form) {
    const { profile, trace } = form;
    visit.trace.profiles.push(trace);
    const scope = { run, bag: run.bag, messages: profile };
    prepareProfile(scope, profile, trace);
    const page = createFieldsPage(scope, profile, frame);
    return waitAtPage(run, visit, { page, profile, trace });
  }
  const page: Page = {
    ...{ ...frame, profile: undefined, fields: [], values: new Map() },
    ...{ hasContinue: false, hasCancel: false, hasKeepMeSignedIn: false },
    ...{ errors: NO_ERRORS, isAccepted: false },
  };
  const pageTrace = { contentDefinition: frame.contentDefinition?.id, errors: [] };
  visit.trace.pages.push(pageTrace);
  run.waiting = { kind: 'page', page, visit: undefined, submit: async () => NO_ERRORS };
  return { kind: 'page', page };
}

interface ShownPage {
  page: Page;
  profile: TechnicalProfile;
  trace: ProfileTrace;
}

function openPage({ trace: stepTrace }: StepVisit, { page, profile, trace }: ShownPage): PageVisit {
  const pageTrace = { contentDefinition: page.contentDefinition?.id, errors: [] };
  stepTrace.pages.push(pageTrace);
  return { page, profile, trace, pageTrace, proven: new Map(), refusals: 0 };
}

function waitAtPage(run: JourneyRun, stepVisit: StepVisit, shown: ShownPage): Stop {
  const { page } = shown;
  const visit = openPage(stepVisit, shown);
  const submit = page.kind === 'phone' ? submitPhone : submitFields;
  run.waiting = {
    ...{ kind: 'page', page, visit },
    submit: async (form) => {
      const errors = await submit(run, visit, form);
      if (errors) {
        visit.pageTrace.errors.push(errors.page?.id ?? Object.keys(errors.items).join(', '));
      }
      return errors;
    },
  };
  return { kind: 'page', page };
}
