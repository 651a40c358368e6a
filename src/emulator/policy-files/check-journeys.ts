import type { Handler } from '../policy/technical-profile.ts';
import { isAmong } from './is-among.ts';
import { selectionsOf } from './journey-models.ts';
import type { FindModel } from './read-model.ts';
import type { Report, Reporter } from './rules.ts';
import { attributeOf, attributeValue, elementsAt, idOf, type XmlElement } from './xml-element.ts';

interface Checks extends Reporter {
  readonly findModel: FindModel;
}

interface Step {
  readonly element: XmlElement;
  readonly type: string;
  readonly order: number;
  readonly exchanges: readonly XmlElement[];
  readonly exchangeIds: readonly string[];
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
  const id = idOf(journey);
  const steps = stepsOf(journey);
  steps.forEach((step, index) => {
    const { element, order, type } = step;
    const last = steps[index - 1]?.order ?? 0;
    if (order > last + 1) report('step-order', element, { order, id, last });
    checkContent(step, report);
    checkSelections(step, steps[index + 1], checks);
    checkExchanges(step, steps[index - 1], checks);
    checkPreconditions(element, { action: 'SkipThisOrchestrationStep', report });
    checkIssuer(step, checks);
    if (isSub && type === 'InvokeSubJourney') report('sub-journey-nested', element, { id });
  });
  checkExchangeIds(steps, report);
  const count = steps.filter(({ type }) => type === 'SendClaims').length;
  const isTransfer = attributeValue(journey, 'Type') === 'Transfer';
  if (count === 0 && steps.length > 0 && (!isSub || isTransfer)) {
    report('journey-without-send-claims', journey, { id });
  }
  const defaultIssuer = attributeOf(journey, 'DefaultCpimIssuerTechnicalProfileReferenceId');
  if (count > 1 && !isSub && !defaultIssuer) {
    report('default-issuer-missing', journey, { id, count });
  }
  checkUnreachable(steps, report);
}

const stepsOf = (journey: XmlElement): Step[] =>
  elementsAt(journey, 'OrchestrationSteps/OrchestrationStep')
    .map((element) => {
      const exchanges = elementsAt(element, 'ClaimsExchanges/ClaimsExchange');
      return {
        ...{ element, exchanges, exchangeIds: exchanges.map(idOf) },
        type: attributeValue(element, 'Type') ?? '',
        order: Number(attributeValue(element, 'Order')) || 0,
        selections: selectionsOf(element),
      };
    })
    .sort((one, other) => one.order - other.order);

function checkContent({ element, type, order }: Step, report: Report): void {
  for (const name of NEEDS[type] ?? []) {
    const isFilled = elementsAt(element, name).some(({ children }) => children.length > 0);
    if (isFilled || attributeOf(element, name)) continue;
    report('step-incomplete', element, { order, type, name });
  }
}

/** A selection names an exchange of the following step or of the same step. */
function checkSelections(step: Step, after: Step | undefined, { report, suggest }: Checks): void {
  const { order } = step;
  const next = after?.exchangeIds ?? [];
  for (const selection of step.selections) {
    const target = attributeOf(selection, 'TargetClaimsExchangeId');
    const validation = attributeOf(selection, 'ValidationClaimsExchangeId');
    if (!target === !validation) {
      const attributes = target ? 'both attributes' : 'neither a target nor a validation';
      report('selection-attributes', selection, { attributes });
    }
    if (target && !isAmong(next, target.value)) {
      const suggestion = suggest(target.value, next);
      report('selection-target', target, { order, id: target.value, suggestion });
    }
    if (validation && !isAmong(step.exchangeIds, validation.value)) {
      const suggestion = suggest(validation.value, step.exchangeIds);
      report('selection-validation', validation, { order, id: validation.value, suggestion });
    }
  }
}

/** A step with several exchanges needs a selection before it that leads to each of them. */
function checkExchanges(
  { element, type, order, exchanges }: Step,
  before: Step | undefined,
  { findModel, report }: Checks,
): void {
  if (type !== 'ClaimsExchange' || exchanges.length < 2) return;
  if (!before || !SELECTIONS.includes(before.type)) {
    report('selection-missing', element, { order, count: exchanges.length });
    return;
  }
  const chosen = choicesOf(before, findModel);
  for (const exchange of exchanges) {
    const id = idOf(exchange);
    if (chosen.has(id.toLowerCase())) continue;
    report('exchange-unreachable', exchange, { order: before.order, id });
  }
}

/** Buttons, and the links that the sign-in form of the step has. */
function choicesOf({ selections, exchanges }: Step, findModel: FindModel): ReadonlySet<string> {
  const targets = selections.map((it) => attributeValue(it, 'TargetClaimsExchangeId'));
  const links = exchanges.flatMap((exchange) => {
    const id = attributeValue(exchange, 'TechnicalProfileReferenceId');
    const metadata = findModel('TechnicalProfile', id)?.metadata;
    const keys = ['SignUpTarget', 'setting.forgotPasswordLinkOverride'];
    return keys.map((key) => metadata?.get(key)?.value);
  });
  return new Set([...targets, ...links].map((name) => name?.toLowerCase() ?? ''));
}

export function checkPreconditions(
  element: XmlElement,
  { action, report }: { action: string; report: Report },
): void {
  for (const precondition of elementsAt(element, 'Preconditions/Precondition')) {
    const type = attributeValue(precondition, 'Type');
    const count = elementsAt(precondition, 'Value').length;
    const wanted = type === 'ClaimEquals' ? 2 : 1;
    if (count !== wanted) {
      report('precondition-values', precondition, { type: String(type), count, wanted });
    }
    for (const given of elementsAt(precondition, 'Action')) {
      if (given.text === action || given.text === '') continue;
      report('precondition-action', given, { action, given: given.text });
    }
  }
}

function checkIssuer({ element, type }: Step, { findModel, report }: Checks): void {
  const reference = attributeOf(element, 'CpimIssuerTechnicalProfileReferenceId');
  if (!reference || type !== 'SendClaims') return;
  const profile = findModel('TechnicalProfile', reference.value);
  if (profile && !ISSUERS.includes(profile.handler))
    report('issuer', reference, { id: profile.id });
}

function checkExchangeIds(steps: readonly Step[], report: Report): void {
  const taken = new Map<string, XmlElement>();
  for (const exchange of steps.flatMap(({ exchanges }) => exchanges)) {
    const id = idOf(exchange);
    const first = taken.get(id.toLowerCase());
    if (first) report('duplicate-exchange', exchange, { id, line: first.line });
    else taken.set(id.toLowerCase(), exchange);
  }
}

/** A `SendClaims` without preconditions ends the journey each time. */
function checkUnreachable(steps: readonly Step[], report: Report): void {
  const end = steps.findIndex(
    ({ type, element }) =>
      type === 'SendClaims' && elementsAt(element, 'Preconditions/Precondition').length === 0,
  );
  if (end < 0) return;
  for (const { element, order } of steps.slice(end + 1)) {
    report('step-unreachable', element, { order, last: steps[end]?.order ?? 0 });
  }
}
