/** The fixed flow of every technical profile. */
import { claimText } from './claim-text.ts';
import type { ClaimsTransformation } from './claims.ts';
import { type ClaimValue, readClaim } from './claims-bag.ts';
import { ClaimsError } from './claims-error.ts';
import { runHandler } from './handlers/handlers.ts';
import { describePrecondition, isSkipped } from './preconditions.ts';
import { createInputClaims, readInputs, setting, writeOutputs } from './profile-claims.ts';
import type { JourneyRun, Outputs, ProfileVisit, Scope } from './run.ts';
import { storeSession } from './session-provider.ts';
import type { TechnicalProfile, ValidationProfile } from './technical-profile.ts';
import { localizedOptions, localizedText } from './texts.ts';
import type { PreconditionTrace, ProfileTrace } from './trace.ts';
import { maskClaims, traceProfile } from './trace-profile.ts';
import type { TransformationContext } from './transformations/method.ts';
import { runTransformation } from './transformations/transformations.ts';

/** A technical profile that a step calls. */
export const visitProfile = (
  run: JourneyRun,
  profile: TechnicalProfile,
  role: ProfileTrace['role'] = 'exchange',
): ProfileVisit => ({
  ...{ run, bag: run.bag, messages: profile, profile, trace: traceProfile(profile, role) },
});

/** Input transformations and input claims: all that comes before the exchange. */
export function prepareProfile(visit: ProfileVisit): ReadonlyMap<string, ClaimValue> {
  transform(visit, visit.profile.inputClaimsTransformations);
  createInputClaims(visit);
  const inputs = readInputs(visit);
  visit.trace.inputs = maskClaims(inputs);
  return inputs;
}

/** Output claims, output transformations and the SSO session: all that comes after the exchange. */
export function completeProfile(visit: ProfileVisit, outputs: Outputs): void {
  const { run, bag, profile, trace } = visit;
  trace.outputs = maskClaims(outputs);
  writeOutputs(visit, outputs);
  transform(visit, profile.outputClaimsTransformations);
  // `IncludeInSso` counts for validation profiles only: the sign-in page of the starter packs has it too.
  const takesPart = trace.role === 'exchange' || profile.includeInSso;
  if (takesPart) storeSession(run, profile, bag);
}

/**
 * Runs a technical profile that shows no page.
 * @throws ClaimsError, JourneyError
 */
export async function runProfile(visit: ProfileVisit): Promise<void> {
  try {
    const inputs = prepareProfile(visit);
    completeProfile(visit, await runHandler({ ...visit, inputs }));
  } catch (error) {
    visit.trace.error = (error as Error).message;
    if (error instanceof ClaimsError) error.profile ??= visit.profile;
    throw error;
  }
}

/**
 * Runs the validation profiles of a page or of an action of a display control, in their order.
 * @throws ClaimsError of the first that refuses and does not continue on errors
 */
export async function runValidations(
  scope: Scope,
  validations: readonly ValidationProfile[],
  { role, traces }: { role: ProfileTrace['role']; traces: ProfileTrace[] },
): Promise<void> {
  for (const { profile, preconditions, continueOnError, continueOnSuccess } of validations) {
    const trace = traceProfile(profile, role);
    const checks: PreconditionTrace[] = [];
    traces.push(trace);
    if (!isEnabled(scope, profile)) {
      trace.skipped = 'EnabledForUserJourneys';
    } else if (isSkipped(preconditions, scope.bag, (checked) => checks.push(checked))) {
      trace.skipped = checks.slice(-1).map(describePrecondition).join();
    } else {
      try {
        await runProfile({ ...scope, profile, trace });
      } catch (error) {
        if (!(error instanceof ClaimsError) || !continueOnError) throw error;
        continue;
      }
      if (!continueOnSuccess) return;
    }
  }
}

function transform(visit: ProfileVisit, transformations: readonly ClaimsTransformation[]): void {
  const context = transformationContext(visit);
  for (const transformation of transformations) {
    runTransformation(transformation, visit.bag, context);
  }
}

/** The surroundings that claims transformations use. */
const transformationContext = ({ run, messages, trace }: ProfileVisit): TransformationContext => ({
  now: run.tenant.now,
  secret: run.tenant.secret,
  tenantDomain: run.tenant.domain,
  text: (elementType, stringId) =>
    localizedText(run, messages.contentDefinition, { elementType, stringId }),
  options: (claimType) => localizedOptions(run, messages.contentDefinition, claimType),
  record: ({ inputs, outputs, ...rest }) =>
    trace.transformations.push({
      ...{ ...rest, inputs: maskClaims(inputs), outputs: maskClaims(outputs) },
    }),
});

/** `EnabledForUserJourneys`, which also decides whether a page has the profile's button. */
export function isEnabled(
  { bag, run }: Pick<Scope, 'bag' | 'run'>,
  profile: TechnicalProfile,
): boolean {
  const rule = (profile.enabledForUserJourneys?.value ?? 'Always').toLowerCase();
  if (rule === 'always' || rule === 'true') return true;
  if (rule === 'never' || rule === 'false') return false;
  const claimType = run.policy.findClaimType(setting(profile, 'ClaimTypeOnWhichToEnable') ?? '');
  const value = claimType && readClaim(bag, claimType);
  if (rule === 'onclaimsexistence') return value !== undefined;
  const wanted = setting(profile, 'ClaimValueOnWhichToEnable') ?? '';
  const hasItem = value !== undefined && claimText(value).split(',').includes(wanted);
  return hasItem === (rule === 'onitemexistenceinstringcollectionclaim');
}
