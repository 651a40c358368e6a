/** The types of orchestration steps. Each runs, stops at a page, or enters a sub journey. */
import { readClaim, writeClaim } from './claims-bag.ts';
import { JourneyError } from './claims-error.ts';
import type { PageFrame } from './fields-page.ts';
import { isInteractive, waitForProfile, waitForSelection } from './interactive.ts';
import type { Stop } from './outcome.ts';
import type { ProviderButton } from './page.ts';
import type { ClaimsExchange, OrchestrationStep, StepType } from './policy.ts';
import { isTrueSetting, readInputs, setting } from './profile-claims.ts';
import type { JourneyRun, ProfileVisit, StepVisit } from './run.ts';
import { isEnabled, runProfile, visitProfile } from './run-profile.ts';
import { issueClaims } from './send-claims.ts';
import { restoreSession, sessionClaims } from './session-provider.ts';
import type { TechnicalProfile } from './technical-profile.ts';
import type { ProfileTrace } from './trace.ts';

type StepResult = Stop | 'entered' | undefined;

export const runStep = (run: JourneyRun, visit: StepVisit): StepResult | Promise<StepResult> =>
  STEPS[visit.step.type](run, visit);

const skip = ({ trace }: StepVisit, why: string): undefined => {
  trace.skipped = why;
  return undefined;
};

const STEPS: Record<
  StepType,
  (run: JourneyRun, visit: StepVisit) => StepResult | Promise<StepResult>
> = {
  ClaimsExchange: exchangeClaims,
  CombinedSignInAndSignUp: selectProvider,
  ClaimsProviderSelection: selectProvider,
  InvokeSubJourney: enterSubJourney,
  GetClaims: readRequest,
  SendClaims: sendClaims,
  // Published policies do not use these types, and no documentation says what they do.
  ConsentScreen: doNothing,
  ReviewScreen: doNothing,
  UserDialog: doNothing,
  Noop: doNothing,
};

function doNothing(_: JourneyRun, visit: StepVisit): StepResult {
  return skip(visit, 'the emulator does nothing in this type of step');
}

async function exchangeClaims(run: JourneyRun, step: StepVisit): Promise<StepResult> {
  const exchange = chosenExchange(run, step);
  if (!exchange) return skip(step, 'no claims exchange was chosen or is enabled');
  const { profile } = exchange;
  const visit = traced(run, step, profile);
  if (restoreSession(run, profile, visit.trace)) return skip(step, 'SSO session');
  if (isInteractive(profile)) return waitForProfile(visit, step, exchange);
  await runProfile(visit);
  return undefined;
}

/** A profile of the step, with its trace. */
function traced(
  run: JourneyRun,
  { trace }: StepVisit,
  profile: TechnicalProfile,
  role?: ProfileTrace['role'],
): ProfileVisit {
  const visit = visitProfile(run, profile, role);
  trace.profiles.push(visit.trace);
  return visit;
}

/** The exchange that the selection step before chose, or the only one that is enabled. */
function chosenExchange(run: JourneyRun, { step, frame }: StepVisit): ClaimsExchange | undefined {
  const chosen = frame.selectedExchange?.toLowerCase();
  frame.selectedExchange = undefined;
  const enabled = enabledExchanges(run, step);
  if (chosen !== undefined) return enabled.find(({ id }) => id.toLowerCase() === chosen);
  return enabled.length === 1 ? enabled[0] : undefined;
}

const enabledExchanges = (run: JourneyRun, { exchanges }: OrchestrationStep): ClaimsExchange[] =>
  exchanges.filter(({ profile }) => isEnabled({ run, bag: run.bag }, profile));

/** A page of buttons for the next step, with a sign-in form if one of the selections is a validation. */
async function selectProvider(run: JourneyRun, visit: StepVisit): Promise<StepResult> {
  const { step, frame } = visit;
  const validation = step.selections.find(({ validation: form }) => form)?.validation;
  const targets = step.selections.flatMap(({ target }) =>
    target && isEnabled({ run, bag: run.bag }, target.profile) ? [target] : [],
  );
  const form = validation && visitProfile(run, validation.profile);
  if (form && restoreSession(run, form.profile, form.trace)) {
    visit.trace.profiles.push(form.trace);
    return skip(visit, 'SSO session');
  }
  const automatic = automaticTarget(run, step, targets);
  if (automatic && (automatic.why !== 'single' || !validation)) {
    frame.selectedExchange = automatic.exchange.id;
    return skip(visit, `${automatic.exchange.id} was chosen: ${automatic.why}`);
  }
  const linked = validation
    ? ['SignUpTarget', LINK_OVERRIDE].map((key) => setting(validation.profile, key))
    : [];
  const providers: ProviderButton[] = targets.filter(({ id }) => !linked.includes(id));
  const page: PageFrame = {
    kind: validation ? 'sign-in' : 'providers',
    contentDefinition: step.contentDefinition,
    providers,
    links: validation ? pageLinks(validation.profile) : {},
  };
  return waitForSelection(run, visit, { page, form });
}

const LINK_OVERRIDE = 'setting.forgotPasswordLinkOverride';

function pageLinks(profile: TechnicalProfile): PageFrame['links'] {
  const signUp = setting(profile, 'SignUpTarget');
  const showsSignUp =
    signUp !== undefined && isTrueSetting(profile, 'setting.showSignupLink', true);
  const isHidden = setting(profile, 'setting.forgotPasswordLinkLocation') === 'None';
  const forgotPassword = setting(profile, LINK_OVERRIDE) ?? 'error';
  return {
    ...(showsSignUp ? { createAccount: signUp } : {}),
    ...(isHidden ? {} : { forgotPassword }),
  };
}

/** The provider of the SSO session, of `domain_hint`, or the only one. */
function automaticTarget(
  run: JourneyRun,
  { showsSingleProvider }: OrchestrationStep,
  targets: readonly ClaimsExchange[],
): { exchange: ClaimsExchange; why: string } | undefined {
  const bySession = targets.find(({ profile }) => sessionClaims(run, profile));
  if (bySession) return { exchange: bySession, why: 'SSO session' };
  const hint = run.request.parameters.get('domain_hint')?.toLowerCase();
  const hinted = targets.find(({ profile }) => profile.domain?.value.toLowerCase() === hint);
  if (hint && hinted) return { exchange: hinted, why: 'domain_hint' };
  const [single] = targets;
  const isSingle = targets.length === 1 && !showsSingleProvider;
  return single && isSingle ? { exchange: single, why: 'single' } : undefined;
}

function enterSubJourney(run: JourneyRun, { step }: StepVisit): StepResult {
  const [candidate] = step.subJourneys;
  if (!candidate) throw new JourneyError(`Step ${step.order} names no sub journey.`);
  // A transfer does not come back.
  if (candidate.type === 'Transfer') run.frames.length = 0;
  run.frames.push({ ...candidate, index: 0, selectedExchange: undefined });
  return 'entered';
}

async function readRequest(run: JourneyRun, visit: StepVisit): Promise<StepResult> {
  const { issuer } = visit.step;
  if (issuer) await runProfile(traced(run, visit, issuer));
  // Input claims of the relying party with a default value are claims of the request too.
  const { profile } = run.policy.relyingParty;
  for (const reference of profile.inputClaims) {
    const isKnown = readClaim(run.bag, reference.claimType) !== undefined;
    const [value] = readInputs({ run, bag: run.bag, profile }, [reference]).values();
    if (!isKnown && value !== undefined) writeClaim(run.bag, reference.claimType, value);
  }
  return undefined;
}

function sendClaims(run: JourneyRun, visit: StepVisit): StepResult {
  const { step } = visit;
  const journey = run.policy.userJourneys.get(run.frames[0]?.id.toLowerCase() ?? '');
  const issuer = step.issuer ?? journey?.defaultIssuer;
  if (!issuer) throw new JourneyError(`Step ${step.order} names no issuer of tokens.`);
  const outcome = issueClaims(traced(run, visit, issuer, 'issuer'));
  run.frames.length = 0;
  return { kind: 'end', outcome };
}
