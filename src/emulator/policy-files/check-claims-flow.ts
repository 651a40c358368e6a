import type { ClaimsTransformation, ClaimType } from '../policy/claims.ts';
import type { OrchestrationStep, Policy, UserJourney } from '../policy/policy.ts';
import type {
  ClaimReference,
  DisplayControl,
  Precondition,
  TechnicalProfile,
  ValidationProfile,
} from '../policy/technical-profile.ts';
import type { Report } from './rules.ts';

/** The claims that may be in the bag, by id in lower case. */
type Bag = Set<string>;

interface Flow {
  readonly report: Report;
  /** The profiles and sub journeys under way: a loop is not followed twice. */
  readonly running: Set<object>;
  /** Claims that a session brings back before any step: a precondition may ask for them. */
  readonly sessionClaims: Bag;
  /** Profiles that call each other twice, and so on, would never end. */
  remainingRuns: number;
}

const MAX_RUNS = 10_000;

/**
 * Follows the claims through the journeys of a policy, as if no step were skipped: a claim that nothing
 * sets even then is never there.
 */
export function checkClaimsFlow(policy: Policy, report: Report): void {
  const { defaultUserJourney, endpoints, profile } = policy.relyingParty;
  const sessionClaims: Bag = new Set();
  for (const { sessionProvider } of policy.technicalProfiles.values()) {
    addAll(sessionClaims, sessionProvider?.persistedClaims ?? []);
    addAll(sessionClaims, sessionProvider?.outputClaims ?? []);
  }
  const flow: Flow = { report, running: new Set(), sessionClaims, remainingRuns: MAX_RUNS };
  const bag = followJourney(defaultUserJourney, profile, flow);
  for (const { userJourney } of endpoints) followJourney(userJourney, profile, flow);
  for (const claim of profile.outputClaims) {
    if (isGiven(claim, bag)) continue;
    const names = { journey: defaultUserJourney.id, id: claim.claimType.id };
    report('token-claim-never-set', claim, names);
  }
}

function followJourney(journey: UserJourney, relyingParty: TechnicalProfile, flow: Flow): Bag {
  const bag: Bag = new Set();
  addAll(bag, relyingParty.inputClaims);
  for (const profile of journey.authorizationProfiles) runProfile(profile, bag, silent(flow));
  followSteps(journey.steps, bag, flow);
  return bag;
}

const silent = (flow: Flow): Flow => ({ ...flow, report: () => {} });

function followSteps(steps: readonly OrchestrationStep[], bag: Bag, flow: Flow): void {
  for (const step of steps) {
    checkPreconditions(step.preconditions, bag, flow);
    const before = new Set(bag);
    for (const { profile } of step.exchanges) {
      checkStepInputs(profile, { bag: before, step, report: flow.report });
      for (const claim of runProfile(profile, new Set(before), flow)) bag.add(claim);
    }
    if (step.issuer) runProfile(step.issuer, bag, silent(flow));
    for (const journey of step.subJourneys) {
      onceAtATime(journey, flow, () => followSteps(journey.steps, bag, flow));
    }
  }
}

function onceAtATime(part: object, { running }: Flow, follow: () => void): void {
  if (running.has(part)) return;
  running.add(part);
  follow();
  running.delete(part);
}

/** A tenant refuses an input claim that no earlier step puts out. */
function checkStepInputs(
  profile: TechnicalProfile,
  { bag, step, report }: { bag: Bag; step: OrchestrationStep; report: Report },
): void {
  for (const claim of missingInputs(profile, bag)) {
    const { isRequired, claimType } = claim;
    const names = { id: claimType.id, profile: profile.id, order: step.order };
    const use = `"${profile.id}" takes it in step ${step.order}`;
    if (isRequired) report('input-claim-never-set', claim, names);
    else if (!isField(profile, claim)) report('claim-never-set', claim, { id: claimType.id, use });
  }
}

/** The input claims that neither the bag nor the transformations of the profile give. */
function missingInputs(profile: TechnicalProfile, bag: Bag): ClaimReference[] {
  const given = new Set(bag);
  for (const { outputClaims } of profile.inputClaimsTransformations) addAll(given, outputClaims);
  return profile.inputClaims.filter((claim) => !isGiven(claim, given));
}

const isGiven = ({ defaultValue, claimType }: ClaimReference, bag: Bag): boolean =>
  defaultValue !== undefined || has(bag, claimType);

/** An input claim of a page fills its field beforehand, and the field is empty without it. */
const isField = ({ handler, outputClaims }: TechnicalProfile, { claimType }: ClaimReference) =>
  handler === 'self-asserted' && outputClaims.some((output) => isSame(output.claimType, claimType));

/** Returns the bag after a profile has run. */
function runProfile(profile: TechnicalProfile, bag: Bag, flow: Flow): Bag {
  flow.remainingRuns -= 1;
  runTransformations(profile.inputClaimsTransformations, { bag, user: profile, flow });
  addAll(
    bag,
    profile.inputClaims.filter(({ defaultValue }) => defaultValue !== undefined),
  );
  // A page gives what it asks for before its validation profiles run.
  if (profile.handler === 'self-asserted') addAll(bag, profile.outputClaims);
  for (const claim of profile.displayClaims) {
    addAll(bag, [claim]);
    if (claim.displayControl) runControl(claim.displayControl, bag, flow);
  }
  for (const validation of profile.validationProfiles) runValidation(validation, bag, flow);
  for (const claim of profile.handler === 'directory' ? profile.persistedClaims : []) {
    if (isGiven(claim, bag)) continue;
    const use = `"${profile.id}" persists it`;
    flow.report('claim-never-set', claim, { id: claim.claimType.id, use });
  }
  addAll(bag, profile.outputClaims);
  runTransformations(profile.outputClaimsTransformations, { bag, user: profile, flow });
  addAll(bag, profile.sessionProvider?.outputClaims ?? []);
  return bag;
}

function runValidation(validation: ValidationProfile, bag: Bag, flow: Flow): void {
  const { profile } = validation;
  checkPreconditions(validation.preconditions, bag, flow);
  if (flow.remainingRuns <= 0) return;
  onceAtATime(profile, flow, () => {
    for (const claim of missingInputs(profile, bag)) {
      const use = `"${profile.id}" takes it`;
      flow.report('claim-never-set', claim, { id: claim.claimType.id, use });
    }
    runProfile(profile, bag, flow);
  });
}

function runControl(control: DisplayControl, bag: Bag, flow: Flow): void {
  addAll(bag, control.inputClaims);
  addAll(bag, control.displayClaims);
  addAll(bag, control.outputClaims);
  for (const { validationProfiles } of control.actions) {
    for (const validation of validationProfiles) runValidation(validation, bag, flow);
  }
}

function runTransformations(
  transformations: readonly ClaimsTransformation[],
  { bag, user, flow }: { bag: Bag; user: TechnicalProfile; flow: Flow },
): void {
  for (const { id, inputClaims, outputClaims } of transformations) {
    for (const { claimType, ...at } of inputClaims) {
      // `AddItemToStringCollection` starts a collection that is not there yet.
      const isOwn = outputClaims.some((output) => isSame(output.claimType, claimType));
      if (isOwn || has(bag, claimType)) continue;
      flow.report('claim-never-set', at, { id: claimType.id, use: `"${user.id}" calls "${id}"` });
    }
    addAll(bag, outputClaims);
  }
}

function checkPreconditions(
  preconditions: readonly Precondition[],
  bag: Bag,
  { report, sessionClaims }: Flow,
): void {
  for (const { claimType, ...at } of preconditions) {
    if (has(bag, claimType) || has(sessionClaims, claimType)) continue;
    report('claim-never-set', at, { id: claimType.id, use: 'this precondition' });
  }
}

const keyOf = ({ id }: ClaimType): string => id.toLowerCase();

const has = (bag: Bag, claimType: ClaimType): boolean => bag.has(keyOf(claimType));

const isSame = (one: ClaimType, other: ClaimType): boolean => keyOf(one) === keyOf(other);

function addAll(bag: Bag, claims: readonly { readonly claimType: ClaimType | undefined }[]): void {
  for (const { claimType } of claims) if (claimType) bag.add(keyOf(claimType));
}
