/** A page of a journey as plain data, for tests and for messages about answers that do not fit. */
import type { Field, Page, PageError } from '../policy/page.ts';
import type { ClaimsExchange } from '../policy/policy.ts';
import type { JourneyRun, Waiting } from '../policy/run.ts';
import { localizedText } from '../policy/texts.ts';

export interface PageView {
  readonly contentDefinition: string | undefined;
  /** The identity provider at which the journey waits instead of at a page. */
  readonly provider?: string;
  readonly fields: readonly FieldView[];
  /** `continue`, `cancel`, IDs of links, and IDs of claims exchanges. */
  readonly buttons: readonly string[];
  readonly errors: readonly string[];
}

export interface FieldView {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly value: string;
  readonly required: boolean;
}

export function describeWaiting(run: JourneyRun, waiting: Waiting): PageView {
  return waiting.kind === 'page'
    ? describePage(run, waiting.page)
    : describeProvider(waiting.exchange);
}

function describePage(run: JourneyRun, page: Page): PageView {
  return {
    contentDefinition: page.contentDefinition?.id ?? page.profile?.id,
    fields: page.fields.map((field) => describeField(run, page, field)),
    buttons: buttonsOf(page),
    errors: errorsOf(page),
  };
}

export const buttonsOf = ({ hasContinue, hasCancel, links, providers }: Page): string[] => [
  ...(hasContinue ? ['continue'] : []),
  ...(hasCancel ? ['cancel'] : []),
  ...Object.keys(links),
  ...providers.map(({ id }) => id),
];

function describeField(run: JourneyRun, page: Page, field: Field): FieldView {
  const { id, claimType, input, isRequired } = field;
  const names = { elementType: 'ClaimType', elementId: claimType.id, stringId: 'DisplayName' };
  const label = localizedText(run, page.contentDefinition, names) ?? claimType.displayName?.value;
  return {
    ...{ id, label: label ?? id, type: input },
    ...{ value: page.values.get(id) ?? '', required: isRequired },
  };
}

function errorsOf({ errors, fields }: Page): string[] {
  const unverified = fields.flatMap(({ id, verification }) =>
    verification?.message && !['code_sent', 'verified'].includes(verification.message)
      ? [`${id}: ${verification.text ?? verification.message}`]
      : [],
  );
  const items = Object.entries(errors.items).map(([id, error]) => `${id}: ${errorText(error)}`);
  return [...(errors.page ? [errorText(errors.page)] : []), ...items, ...new Set(unverified)];
}

/** Texts of B2C's own pages stay IDs here. */
const errorText = ({ id, text, values = [] }: PageError): string =>
  (text ?? id).replace(/\{(\d)\}/g, (whole, index: string) => values[Number(index)] ?? whole);

function describeProvider({ id, profile }: ClaimsExchange): PageView {
  const fields = profile.outputClaims
    .filter(({ alwaysUseDefaultValue }) => !alwaysUseDefaultValue)
    .map(({ claimType, partnerClaimType, isRequired }) => ({
      ...{ id: partnerClaimType ?? claimType.id, label: claimType.id, type: 'claim' },
      ...{ value: '', required: isRequired },
    }));
  const provider = profile.domain?.value ?? id;
  return { contentDefinition: undefined, provider, fields, buttons: [], errors: [] };
}

/** One sentence per part, so that an author sees which answer is missing. */
export function pageSentence(view: PageView): string {
  const fields = view.fields.map(({ id }) => id).join(', ') || 'none';
  if (view.provider !== undefined) {
    return `The journey waits at the identity provider ${view.provider}. It can give the claims: ${fields}.`;
  }
  const errors = view.errors.length > 0 ? ` It shows: ${view.errors.join('; ')}.` : '';
  const buttons = view.buttons.join(', ') || 'none';
  return `The page ${view.contentDefinition} is open.${errors} Fields: ${fields}. Buttons: ${buttons}.`;
}
