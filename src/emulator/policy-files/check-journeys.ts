import type { Handler } from '../policy/technical-profile.ts';
import { selectionsOf } from './build-journeys.ts';
import type { ModelLookups } from './model-lookups.ts';
import type { Report, Suggest } from './rules.ts';
import {
  attributeOf,
  attributeValue,
  childrenOf,
  elementsAt,
  type XmlAttribute,
  type XmlElement,
} from './xml-element.ts';

interface Checks {
  readonly lookups: ModelLookups;
  readonly report: Report;
  readonly suggest: Suggest;
}

interface Step {
  readonly element: XmlElement;
  readonly type: string;
  readonly order: number;
  readonly exchanges: readonly XmlElement[];
  readonly selections: readonly XmlElement[];
}

const SELECTIONS = ['ClaimsProviderSelection', 'CombinedSignInAndSignUp'];
const ISSUERS: readonly Handler[] = ['jwt-issuer', 'json-issuer', 'oauth2-error', 'saml-issuer'];

/** The elements that a step of each type needs. */
const NEEDS: Record<string, readonly string[]> = {
  ClaimsProviderSelection: ['ClaimsProviderSelections', 'ContentDefinitionReferenceId'],
  CombinedSignInAndSignUp: ['ClaimsProviderSelections', 'ContentDefinitionReferenceId'],
  ClaimsExchange: ['ClaimsExchanges'],
  GetClaims: ['CpimIssuerTechnicalProfileReferenceId'],
  SendClaims: ['CpimIssuerTechnicalProfileReferenceId'],
  InvokeSubJourney: ['JourneyList'],
};

/** Checks the steps of one user journey or sub journey, which no other part of the policy changes. */
export function checkJourney(journey: XmlElement, checks: Checks): void {
  const { report } = checks;
  const isSub = journey.name === 'SubJourney';
  const id = attributeValue(journey, 'Id') ?? '';
  const steps = stepsOf(journey);
  steps.forEach((step, index) => {
    const before = steps[index - 1];
    const next = (before?.order ?? 0) + 1;
    if (step.order > next) {
      report('step-order', step.element, `Step ${step.order} of "${id}" follows step ${next - 1}`);
    }
    checkContent(step, report);
    checkPairs(step, { before, after: steps[index + 1] }, checks);
    checkPreconditions(step.element, { action: 'SkipThisOrchestrationStep', report });
    checkIssuer(step, checks);
    if (isSub && step.type === 'InvokeSubJourney') {
      report('sub-journey-nested', step.element, `The sub journey "${id}" invokes another one`);
    }
  });
  checkExchangeIds(steps, report);
  const senders = steps.filter(({ type }) => type === 'SendClaims');
  const isTransfer = attributeValue(journey, 'Type') === 'Transfer';
  if (senders.length === 0 && steps.length > 0 && (!isSub || isTransfer)) {
    report('journey-without-send-claims', journey, `"${id}" has no step of the type SendClaims`);
  }
  if (
    senders.length > 1 &&
    !isSub &&
    !attributeOf(journey, 'DefaultCpimIssuerTechnicalProfileReferenceId')
  ) {
    report(
      'default-issuer-missing',
      journey,
      `"${id}" has ${senders.length} steps that send claims`,
    );
  }
  checkUnreachable(steps, report);
}

function stepsOf(journey: XmlElement): Step[] {
  return elementsAt(journey, 'OrchestrationSteps', 'OrchestrationStep')
    .map((element) => ({
      element,
      type: attributeValue(element, 'Type') ?? '',
      order: Number(attributeValue(element, 'Order')) || 0,
      exchanges: elementsAt(element, 'ClaimsExchanges', 'ClaimsExchange'),
      selections: selectionsOf(element),
    }))
    .sort((one, other) => one.order - other.order);
}

function checkContent({ element, type, order }: Step, report: Report): void {
  for (const name of NEEDS[type] ?? []) {
    const list = elementsAt(element, name).flatMap(({ children }) => children);
    if (attributeOf(element, name) || list.length > 0) continue;
    report('step-incomplete', element, `Step ${order} of the type ${type} has no ${name}`);
  }
}

/** A selection names an exchange of the following step; a step with a choice needs a selection before it. */
function checkPairs(
  step: Step,
  { before, after }: { before: Step | undefined; after: Step | undefined },
  { lookups, report, suggest }: Checks,
): void {
  for (const selection of step.selections) {
    const target = attributeOf(selection, 'TargetClaimsExchangeId');
    const validation = attributeOf(selection, 'ValidationClaimsExchangeId');
    if (!target === !validation) {
      const what = target ? 'both attributes' : 'neither a target nor a validation';
      report('selection-attributes', selection, `A ClaimsProviderSelection has ${what}`);
    }
    if (target && !has(after, target)) {
      const end = suggest(target.value, idsOf(after));
      const what = `The step behind step ${step.order} has no claims exchange "${target.value}"${end}`;
      report('selection-target', target, what);
    }
    if (validation && !has(step, validation)) {
      const end = suggest(validation.value, idsOf(step));
      const what = `Step ${step.order} has no claims exchange "${validation.value}"${end}`;
      report('selection-validation', validation, what);
    }
  }
  if (step.type !== 'ClaimsExchange' || step.exchanges.length < 2) return;
  if (!before || !SELECTIONS.includes(before.type)) {
    const what = `Step ${step.order} has ${step.exchanges.length} claims exchanges and no selection before it`;
    report('selection-missing', step.element, what);
    return;
  }
  const chosen = namesOf(before, lookups);
  for (const exchange of step.exchanges) {
    const id = attributeValue(exchange, 'Id') ?? '';
    if (chosen.has(id.toLowerCase())) continue;
    report('exchange-unreachable', exchange, `Nothing in step ${before.order} leads to "${id}"`);
  }
}

/** Buttons, and the links that the sign-in form of the step has. */
function namesOf(step: Step, lookups: ModelLookups): ReadonlySet<string> {
  const targets = step.selections.map((it) => attributeValue(it, 'TargetClaimsExchangeId'));
  const links = step.exchanges.flatMap((exchange) => {
    const profile = lookups.technicalProfile(
      attributeValue(exchange, 'TechnicalProfileReferenceId'),
    );
    return ['SignUpTarget', 'setting.forgotPasswordLinkOverride'].map(
      (key) => profile?.metadata.get(key)?.value,
    );
  });
  return new Set([...targets, ...links].map((name) => name?.toLowerCase() ?? ''));
}

export function checkPreconditions(
  element: XmlElement,
  { action, report }: { action: string; report: Report },
): void {
  for (const precondition of elementsAt(element, 'Preconditions', 'Precondition')) {
    const type = attributeValue(precondition, 'Type');
    const count = childrenOf(precondition, 'Value').length;
    const wanted = type === 'ClaimEquals' ? 2 : 1;
    if (count !== wanted) {
      report(
        'precondition-values',
        precondition,
        `${type} has ${count} values and takes ${wanted}`,
      );
    }
    for (const given of childrenOf(precondition, 'Action')) {
      if (given.text !== action && given.text !== '') {
        report('precondition-action', given, `The action here is ${action}, not ${given.text}`);
      }
    }
  }
}

function checkIssuer({ element, type }: Step, { lookups, report }: Checks): void {
  const reference = attributeOf(element, 'CpimIssuerTechnicalProfileReferenceId');
  const profile = type === 'SendClaims' ? lookups.technicalProfile(reference?.value) : undefined;
  if (!reference || !profile || ISSUERS.includes(profile.handler)) return;
  const what = `"${profile.id}" issues no token: it has no OutputTokenFormat, or another protocol`;
  report('issuer', reference, what);
}

function checkExchangeIds(steps: readonly Step[], report: Report): void {
  const taken = new Map<string, XmlElement>();
  for (const exchange of steps.flatMap(({ exchanges }) => exchanges)) {
    const id = attributeValue(exchange, 'Id') ?? '';
    const first = taken.get(id.toLowerCase());
    if (!first) taken.set(id.toLowerCase(), exchange);
    else {
      const what = `The claims exchange "${id}" is in line ${first.line} of this journey too`;
      report('duplicate-exchange', exchange, what);
    }
  }
}

/** A `SendClaims` without preconditions ends the journey each time. */
function checkUnreachable(steps: readonly Step[], report: Report): void {
  const end = steps.findIndex(
    ({ type, element }) =>
      type === 'SendClaims' && elementsAt(element, 'Preconditions', 'Precondition').length === 0,
  );
  if (end < 0) return;
  for (const { element, order } of steps.slice(end + 1)) {
    const what = `Step ${order} is behind step ${steps[end]?.order}, which always sends the claims`;
    report('step-unreachable', element, what);
  }
}

const has = (step: Step | undefined, { value }: XmlAttribute) =>
  idsOf(step).some((id) => id.toLowerCase() === value.toLowerCase());

const idsOf = (step: Step | undefined): string[] =>
  step?.exchanges.map((exchange) => attributeValue(exchange, 'Id') ?? '') ?? [];
