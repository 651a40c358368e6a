import type { ClaimsTransformation } from '../policy/claims.ts';
import type { Origin } from '../policy/origin.ts';
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
  readonly sessionClaims: ReadonlySet<string>;
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
  const flow: Flow = {
    report,
    running: new Set(),
    sessionClaims: sessionClaimsOf(policy),
    remainingRuns: MAX_RUNS,
  };
  const bag = followJourney(defaultUserJourney, profile, flow);
  for (const { userJourney } of endpoints) followJourney(userJourney, profile, flow);
  for (const claim of profile.outputClaims) {
    if (claim.defaultValue !== undefined || bag.has(keyOf(claim))) continue;
    const what = `No step of "${defaultUserJourney.id}" has the output claim "${claim.claimType.id}"`;
    report('token-claim-never-set', claim, what);
  }
}

function sessionClaimsOf({ technicalProfiles }: Policy): ReadonlySet<string> {
  const claims: Bag = new Set();
  for (const { sessionProvider } of technicalProfiles.values()) {
    addClaims(claims, sessionProvider?.persistedClaims ?? []);
    addClaims(claims, sessionProvider?.outputClaims ?? []);
  }
  return claims;
}

function followJourney(journey: UserJourney, relyingParty: TechnicalProfile, flow: Flow): Bag {
  const bag: Bag = new Set(relyingParty.inputClaims.map(keyOf));
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
      checkInputs(profile, { bag: before, step, report: flow.report });
      addAll(bag, runProfile(profile, new Set(before), flow));
    }
    if (step.issuer) addAll(bag, runProfile(step.issuer, new Set(bag), silent(flow)));
    for (const journey of step.subJourneys) {
      if (flow.running.has(journey)) continue;
      flow.running.add(journey);
      followSteps(journey.steps, bag, flow);
      flow.running.delete(journey);
    }
  }
}

/** A tenant refuses an input claim that no earlier step puts out. */
function checkInputs(
  profile: TechnicalProfile,
  { bag, step, report }: { bag: Bag; step: OrchestrationStep; report: Report },
): void {
  const set = new Set(bag);
  for (const transformation of profile.inputClaimsTransformations) addOutputs(set, transformation);
  for (const claim of profile.inputClaims) {
    if (claim.defaultValue !== undefined || set.has(keyOf(claim))) continue;
    if (!claim.isRequired && isField(profile, claim)) continue;
    const what = `No step before step ${step.order} has the output claim "${claim.claimType.id}", which "${profile.id}" takes`;
    report(claim.isRequired ? 'input-claim-never-set' : 'claim-never-set', claim, what);
  }
}

/** An input claim of a page fills its field beforehand, and the field is empty without it. */
const isField = ({ handler, outputClaims }: TechnicalProfile, claim: ClaimReference) =>
  handler === 'self-asserted' && outputClaims.some((output) => keyOf(output) === keyOf(claim));

/** Returns the bag after a profile has run. */
function runProfile(profile: TechnicalProfile, bag: Bag, flow: Flow): Bag {
  flow.remainingRuns -= 1;
  for (const transformation of profile.inputClaimsTransformations) {
    checkTransformation(transformation, { bag, user: profile, report: flow.report });
    addOutputs(bag, transformation);
  }
  for (const claim of profile.inputClaims)
    if (claim.defaultValue !== undefined) bag.add(keyOf(claim));
  // A page gives what it asks for before its validation profiles run.
  if (profile.handler === 'self-asserted') addClaims(bag, profile.outputClaims);
  for (const { claimType, displayControl } of profile.displayClaims) {
    if (claimType) bag.add(claimType.id.toLowerCase());
    if (displayControl) runControl(displayControl, bag, flow);
  }
  for (const validation of profile.validationProfiles) runValidation(validation, bag, flow);
  for (const claim of profile.persistedClaims) {
    const isGiven = claim.defaultValue !== undefined || bag.has(keyOf(claim));
    if (!isGiven && profile.handler === 'directory') {
      const what = `Nothing sets "${claim.claimType.id}" before "${profile.id}" persists it`;
      flow.report('claim-never-set', claim, what);
    }
  }
  addClaims(bag, profile.outputClaims);
  for (const transformation of profile.outputClaimsTransformations) {
    checkTransformation(transformation, { bag, user: profile, report: flow.report });
    addOutputs(bag, transformation);
  }
  if (profile.sessionProvider) addClaims(bag, profile.sessionProvider.outputClaims);
  return bag;
}

function runValidation(validation: ValidationProfile, bag: Bag, flow: Flow): void {
  const { profile } = validation;
  checkPreconditions(validation.preconditions, bag, flow);
  if (flow.running.has(profile) || flow.remainingRuns <= 0) return;
  flow.running.add(profile);
  const set = new Set(bag);
  for (const transformation of profile.inputClaimsTransformations) addOutputs(set, transformation);
  for (const claim of profile.inputClaims) {
    if (claim.defaultValue !== undefined || set.has(keyOf(claim))) continue;
    const what = `Nothing sets "${claim.claimType.id}" before "${profile.id}" takes it`;
    flow.report('claim-never-set', claim, what);
  }
  runProfile(profile, bag, flow);
  flow.running.delete(profile);
}

function runControl(control: DisplayControl, bag: Bag, flow: Flow): void {
  addClaims(bag, control.inputClaims);
  for (const { claimType } of control.displayClaims) {
    if (claimType) bag.add(claimType.id.toLowerCase());
  }
  addClaims(bag, control.outputClaims);
  for (const { validationProfiles } of control.actions) {
    for (const validation of validationProfiles) runValidation(validation, bag, flow);
  }
}

function checkTransformation(
  transformation: ClaimsTransformation,
  { bag, user, report }: { bag: Bag; user: TechnicalProfile; report: Report },
): void {
  for (const { claimType, ...at } of transformation.inputClaims) {
    if (bag.has(claimType.id.toLowerCase()) || isOwnOutput(transformation, claimType.id)) continue;
    const what = `Nothing sets "${claimType.id}" before "${user.id}" calls "${transformation.id}"`;
    report('claim-never-set', at as Origin, what);
  }
}

/** `AddItemToStringCollection` starts a collection that is not there yet. */
const isOwnOutput = ({ outputClaims }: ClaimsTransformation, id: string) =>
  outputClaims.some(({ claimType }) => claimType.id.toLowerCase() === id.toLowerCase());

function checkPreconditions(
  preconditions: readonly Precondition[],
  bag: Bag,
  { report, sessionClaims }: Flow,
): void {
  for (const precondition of preconditions) {
    const { id } = precondition.claimType;
    if (bag.has(id.toLowerCase()) || sessionClaims.has(id.toLowerCase())) continue;
    report('claim-never-set', precondition, `Nothing sets "${id}" before this precondition`);
  }
}

function addOutputs(bag: Bag, { outputClaims }: ClaimsTransformation): void {
  for (const { claimType } of outputClaims) bag.add(claimType.id.toLowerCase());
}

function addClaims(bag: Bag, claims: readonly ClaimReference[]): void {
  for (const claim of claims) bag.add(keyOf(claim));
}

const addAll = (bag: Bag, claims: Bag) => {
  for (const claim of claims) bag.add(claim);
};

const keyOf = ({ claimType }: ClaimReference) => claimType.id.toLowerCase();
