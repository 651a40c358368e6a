/** The fixed flow of every technical profile. */
import { claimText } from './claim-text.ts';
import type { ClaimsTransformation } from './claims.ts';
import { type ClaimsBag, type ClaimValue, readClaim } from './claims-bag.ts';
import { ClaimsError } from './claims-error.ts';
import { runHandler } from './handlers/handlers.ts';
import { describePrecondition, isSkipped } from './preconditions.ts';
import { createInputClaims, readInputs, setting, writeOutputs } from './profile-claims.ts';
import type { Outputs, Scope } from './run.ts';
import { storeSession } from './session-provider.ts';
import type { TechnicalProfile, ValidationProfile } from './technical-profile.ts';
import type { PreconditionTrace, ProfileTrace } from './trace.ts';
import { maskClaims, traceProfile } from './trace-profile.ts';
import { transformationContext } from './transformation-context.ts';
import { runTransformation } from './transformations/transformations.ts';

/** Input transformations and input claims: all that comes before the exchange. */
export function prepareProfile(
  scope: Scope,
  profile: TechnicalProfile,
  trace: ProfileTrace,
): ReadonlyMap<string, ClaimValue> {
  transform(scope, profile.inputClaimsTransformations, trace);
  createInputClaims(scope, profile);
  const inputs = readInputs(scope, profile);
  trace.inputs = maskClaims(inputs);
  return inputs;
}

/** Output claims, output transformations and the SSO session: all that comes after the exchange. */
export function completeProfile(
  scope: Scope,
  profile: TechnicalProfile,
  { outputs, trace }: { outputs: Outputs; trace: ProfileTrace },
): void {
  trace.outputs = maskClaims(outputs);
  writeOutputs(scope, profile, outputs);
  transform(scope, profile.outputClaimsTransformations, trace);
  // `IncludeInSso` counts for validation profiles only: the sign-in page of the starter packs has it too.
  const takesPart = trace.role === 'exchange' || profile.includeInSso;
  if (takesPart) storeSession(scope.run, profile, scope.bag);
}

/**
 * Runs a technical profile that shows no page.
 * @throws ClaimsError, JourneyError
 */
export async function runProfile(
  scope: Scope,
  profile: TechnicalProfile,
  trace: ProfileTrace,
): Promise<void> {
  try {
    const inputs = prepareProfile(scope, profile, trace);
    const outputs = await runHandler({ ...scope, profile, inputs, trace });
    completeProfile(scope, profile, { outputs, trace });
  } catch (error) {
    trace.error = (error as Error).message;
    if (error instanceof ClaimsError) error.profile ??= profile;
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
        await runProfile(scope, profile, trace);
      } catch (error) {
        if (!(error instanceof ClaimsError) || !continueOnError) throw error;
        continue;
      }
      if (!continueOnSuccess) return;
    }
  }
}

function transform(
  scope: Scope,
  transformations: readonly ClaimsTransformation[],
  trace: ProfileTrace,
): void {
  const context = transformationContext(scope, trace);
  for (const transformation of transformations) {
    runTransformation(transformation, scope.bag, context);
  }
}

/** `EnabledForUserJourneys`, which also decides whether a page has the profile's button. */
export function isEnabled(
  { bag, run }: { bag: ClaimsBag; run: Scope['run'] },
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
