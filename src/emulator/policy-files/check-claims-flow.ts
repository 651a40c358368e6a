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

/**
 * Follows the claims through the journeys of a policy, as if no step were skipped: a claim that nothing
 * sets even then is never there.
 */
export function checkClaimsFlow(policy: Policy, report: Report): void {
  const { defaultUserJourney, endpoints, profile } = policy.relyingParty;
  const bag = followJourney(defaultUserJourney, { profile, report });
  for (const { userJourney } of endpoints) followJourney(userJourney, { profile, report });
  for (const claim of profile.outputClaims) {
    if (claim.defaultValue !== undefined || bag.has(keyOf(claim))) continue;
    const what = `No step of "${defaultUserJourney.id}" has the output claim "${claim.claimType.id}"`;
    report('token-claim-never-set', claim, what);
  }
}

function followJourney(
  journey: UserJourney,
  { profile, report }: { profile: TechnicalProfile; report: Report },
): Bag {
  const bag: Bag = new Set(profile.inputClaims.map(keyOf));
  for (const issuer of journey.authorizationProfiles) runProfile(issuer, bag, () => {});
  followSteps(journey.steps, bag, report);
  return bag;
}

function followSteps(steps: readonly OrchestrationStep[], bag: Bag, report: Report): void {
  for (const step of steps) {
    checkPreconditions(step.preconditions, bag, report);
    const before = new Set(bag);
    for (const { profile } of step.exchanges) {
      checkInputs(profile, { bag: before, step, report });
      addAll(bag, runProfile(profile, new Set(before), report));
    }
    if (step.issuer)
      addAll(
        bag,
        runProfile(step.issuer, new Set(bag), () => {}),
      );
    for (const { steps: nested } of step.subJourneys) followSteps(nested, bag, report);
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
    const what = `No step before step ${step.order} has the output claim "${claim.claimType.id}", which "${profile.id}" takes`;
    report(claim.isRequired ? 'input-claim-never-set' : 'claim-never-set', claim, what);
  }
}

/** What is in the bag after a profile has run. */
function runProfile(profile: TechnicalProfile, bag: Bag, report: Report): Bag {
  for (const transformation of profile.inputClaimsTransformations) {
    checkTransformation(transformation, { bag, user: profile, report });
    addOutputs(bag, transformation);
  }
  for (const claim of profile.inputClaims)
    if (claim.defaultValue !== undefined) bag.add(keyOf(claim));
  // A page gives what it asks for before its validation profiles run.
  if (profile.handler === 'self-asserted') addClaims(bag, profile.outputClaims);
  for (const { claimType, displayControl } of profile.displayClaims) {
    if (claimType) bag.add(claimType.id.toLowerCase());
    if (displayControl) runControl(displayControl, bag, report);
  }
  for (const validation of profile.validationProfiles) runValidation(validation, bag, report);
  for (const claim of profile.persistedClaims) {
    const isGiven = claim.defaultValue !== undefined || bag.has(keyOf(claim));
    if (!isGiven && profile.handler === 'directory') {
      const what = `Nothing sets "${claim.claimType.id}" before "${profile.id}" persists it`;
      report('claim-never-set', claim, what);
    }
  }
  addClaims(bag, profile.outputClaims);
  for (const transformation of profile.outputClaimsTransformations) {
    checkTransformation(transformation, { bag, user: profile, report });
    addOutputs(bag, transformation);
  }
  if (profile.sessionProvider) addClaims(bag, profile.sessionProvider.outputClaims);
  return bag;
}

const running = new Set<TechnicalProfile>();

function runValidation(validation: ValidationProfile, bag: Bag, report: Report): void {
  const { profile } = validation;
  checkPreconditions(validation.preconditions, bag, report);
  // A loop was reported as one.
  if (running.has(profile)) return;
  running.add(profile);
  const set = new Set(bag);
  for (const transformation of profile.inputClaimsTransformations) addOutputs(set, transformation);
  for (const claim of profile.inputClaims) {
    if (claim.defaultValue !== undefined || set.has(keyOf(claim))) continue;
    const what = `Nothing sets "${claim.claimType.id}" before "${profile.id}" takes it`;
    report('claim-never-set', claim, what);
  }
  runProfile(profile, bag, report);
  running.delete(profile);
}

function runControl(control: DisplayControl, bag: Bag, report: Report): void {
  addClaims(bag, control.inputClaims);
  for (const { claimType } of control.displayClaims) {
    if (claimType) bag.add(claimType.id.toLowerCase());
  }
  addClaims(bag, control.outputClaims);
  for (const { validationProfiles } of control.actions) {
    for (const validation of validationProfiles) runValidation(validation, bag, report);
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
  report: Report,
): void {
  for (const precondition of preconditions) {
    const { id } = precondition.claimType;
    if (bag.has(id.toLowerCase())) continue;
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
