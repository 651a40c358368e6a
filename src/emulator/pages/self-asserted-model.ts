import type { Field, FormErrors, PageErrorId } from '../journeys/form.ts';
import type { SelfAssertedPage } from '../journeys/step.ts';
import { textOf, type VerificationMessage } from '../journeys/verification.ts';
import type { Transaction } from '../protocol/transaction.ts';

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

export type FieldModel = Field & {
  value: string;
  error: string | undefined;
  disabled: boolean;
  autofocus: boolean;
};

/** The e-mail field with its verification. */
export interface EmailModel {
  value: string;
  state: 'start' | 'code_sent' | 'verified';
  message: VerificationMessage | undefined;
  messageText: string | undefined;
}

export function buildSelfAsserted(
  page: SelfAssertedPage,
  transaction: Transaction,
  errors: FormErrors,
): SelfAssertedModel {
  const { verification, values, request, language } = transaction;
  const { texts } = language;
  const { emailVerification, ids } = request.policy.page;
  const { message, state } = verification;
  const fields = page.fields(transaction);
  const isVerifying = fields.some((field) => field.kind === 'email' && field.isVerifiable);
  // Only pages with the display control lock the rest until the address is verified.
  const isLocked = isVerifying && emailVerification === 'control' && state !== 'verified';
  const isDone = ({ kind }: Field) => kind === 'note' || (kind === 'email' && state === 'verified');
  const first =
    fields.find(({ claim }) => errors.items[claim]) ?? fields.find((field) => !isDone(field));
  return {
    template: 'self-asserted',
    title: texts[page.heading],
    heading: texts[page.heading],
    intro: texts[page.intro],
    continueLabel: texts[page.continueLabel],
    continueBlocked: isLocked,
    pageErrors: pageErrors(fields, errors),
    fields: fields.map((field) => ({
      ...field,
      value: field.kind === 'password' ? '' : (values.get(field.claim) ?? ''),
      error: errors.items[field.claim],
      disabled: isLocked && field.kind !== 'email' && field.kind !== 'note',
      autofocus: field === first,
    })),
    email: {
      value: values.get(ids.email) ?? values.get('email') ?? verification.address,
      state,
      message,
      messageText: message ? texts[textOf(message)] : undefined,
    },
  };
}

// Always in the page, and hidden as long as they have nothing to say.
function pageErrors(
  fields: readonly Field[],
  { page }: FormErrors,
): SelfAssertedModel['pageErrors'] {
  const hasPassword = fields.some((field) => field.claim === 'reenterPassword');
  const ids: PageErrorId[] = [
    ...(hasPassword ? (['passwordEntryMismatch'] as const) : []),
    'requiredFieldMissing',
    'fieldIncorrect',
    'claimVerificationServerError',
  ];
  return ids.map((id) => ({ id, text: page?.id === id ? page.text : undefined }));
}
