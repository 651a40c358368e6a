import type { Field, FormErrors, PageErrorId } from '../journeys/form.ts';
import type { Journey } from '../journeys/journey.ts';
import type { SelfAssertedPage } from '../journeys/step.ts';
import { VERIFICATION_TEXTS, type VerificationMessage } from '../journeys/verification.ts';
import { labelText, messageText, type Texts } from './languages.ts';

/** A page of fields. */
export interface SelfAssertedModel {
  template: 'self-asserted';
  title: string;
  heading: string;
  intro: string;
  continueLabel: string;
  continueBlocked: boolean;
  pageErrors: { id: PageErrorId; text: string | undefined }[];
  fields: FieldModel[];
  email: EmailModel;
}

type WithLabelText<AnyField> = AnyField extends { label: unknown }
  ? Omit<AnyField, 'label'> & { label: string }
  : AnyField;

export type FieldModel = WithLabelText<Field> & {
  value: string;
  error: string | undefined;
  disabled: boolean;
  autofocus: boolean;
};

/** The email field with its verification. */
export interface EmailModel {
  value: string;
  state: 'start' | 'code_sent' | 'verified';
  message: VerificationMessage | undefined;
  messageText: string | undefined;
}

export function buildSelfAsserted(
  journey: Journey,
  { fields, ...page }: SelfAssertedPage,
  { errors, texts }: { errors: FormErrors; texts: Texts },
): SelfAssertedModel {
  const { values, policy } = journey;
  const { state, message, address } = journey.verification;
  const { emailVerification, ids } = policy.page;
  const isVerifying = fields.some((field) => field.kind === 'email' && field.isVerifiable);
  // Only pages with the display control disable the other fields until the address is verified.
  const isLocked = isVerifying && emailVerification === 'control' && state !== 'verified';
  const isDone = ({ kind }: Field) => kind === 'note' || (kind === 'email' && state === 'verified');
  const focused =
    fields.find(({ claim }) => errors.items[claim]) ?? fields.find((field) => !isDone(field));
  return {
    template: 'self-asserted',
    title: texts[page.heading],
    heading: texts[page.heading],
    intro: texts[page.intro],
    continueLabel: texts[page.continueLabel],
    continueBlocked: isLocked,
    pageErrors: buildPageErrors(fields, errors, texts),
    fields: fields.map((field) => ({
      ...withLabelText(field, texts),
      value: field.kind === 'password' ? '' : (values.get(field.claim) ?? ''),
      error: itemText(errors, field.claim, texts),
      disabled: isLocked && field.kind !== 'email' && field.kind !== 'note',
      autofocus: field === focused,
    })),
    email: {
      value: values.get(ids.email) ?? values.get('email') ?? address,
      state,
      message,
      messageText: message && texts[VERIFICATION_TEXTS[message]],
    },
  };
}

const withLabelText = (field: Field, texts: Texts): WithLabelText<Field> =>
  'label' in field ? { ...field, label: labelText(texts, field.label) } : field;

function itemText({ items }: FormErrors, claim: string, texts: Texts): string | undefined {
  const item = items[claim];
  return item && messageText(texts, item);
}

// The elements are always part of the page, and hidden while they are empty.
function buildPageErrors(
  fields: readonly Field[],
  { page }: FormErrors,
  texts: Texts,
): SelfAssertedModel['pageErrors'] {
  const hasPassword = fields.some((field) => field.claim === 'reenterPassword');
  const ids: PageErrorId[] = [
    ...(hasPassword ? (['passwordEntryMismatch'] as const) : []),
    'requiredFieldMissing',
    'fieldIncorrect',
    'claimVerificationServerError',
  ];
  return ids.map((id) => ({
    id,
    text: page?.id === id ? messageText(texts, page.message) : undefined,
  }));
}
