import type { Field, Page } from '../policy/page.ts';
import { buildControl, type ControlModel, type NoteModel } from './control-model.ts';
import { buildField, type FieldModel } from './field-model.ts';
import type { SpecificContext } from './page-context.ts';
import type { PageTexts } from './page-texts.ts';

/** A page of fields. */
export interface SelfAssertedModel {
  template: 'self-asserted';
  title: string;
  heading: string;
  intro: string;
  continueLabel: string;
  continueBlocked: boolean;
  hasContinue: boolean;
  hasCancel: boolean;
  showsKeepMeSignedIn: boolean;
  pageErrors: { id: PageErrorId; text: string | undefined }[];
  items: (FieldModel | ControlModel | NoteModel)[];
}

export type PageErrorId =
  | 'passwordEntryMismatch'
  | 'requiredFieldMissing'
  | 'fieldIncorrect'
  | 'claimVerificationServerError';

export function buildSelfAsserted(
  page: Page,
  { texts, settings }: Pick<SpecificContext, 'texts' | 'settings'>,
): SelfAssertedModel {
  const { fields, errors } = page;
  const isUnproven = ({ verification }: Field) =>
    verification?.kind === 'control' && verification.state !== 'verified';
  // Only pages with a display control disable the other fields until the address is verified.
  const isLocked = fields.some(isUnproven);
  const focused = fields.find(({ id }) => errors.items[id]) ?? fields.find(needsInput);
  const { own } = texts;
  const usesContinue = settings.emailVerification === 'onContinue';
  const proofs = new Set(fields.flatMap(({ verification }) => verification ?? []));
  const heading = own['heading'] ?? texts.texts.user_details;
  return {
    template: 'self-asserted',
    ...{ title: heading, heading },
    intro: own['initial_intro'] ?? own['intro'] ?? texts.texts.sign_up_intro,
    continueLabel: texts.texts.button_continue,
    continueBlocked: isLocked && !usesContinue,
    hasContinue: page.hasContinue,
    hasCancel: page.hasCancel,
    showsKeepMeSignedIn: page.hasKeepMeSignedIn,
    pageErrors: buildPageErrors(page, texts),
    items: groupByControl(fields).map((group) => {
      const [field] = group;
      // The buttons of a page with several proofs name theirs.
      const suffix = proofs.size > 1 ? ` ${field.id}` : '';
      if (field.verification?.kind === 'control' || field.control) {
        return buildControl(group, page, { texts, focused, suffix, usesContinue });
      }
      return buildField(field, page, { texts, suffix, isLocked, isFocused: field === focused });
    }),
  };
}

const needsInput = ({ input, verification, control }: Field): boolean =>
  input !== 'Readonly' && input !== 'Paragraph' && !control && verification?.state !== 'verified';

/** The fields of one display control belong together. */
function groupByControl(fields: readonly Field[]): [Field, ...Field[]][] {
  const groups: [Field, ...Field[]][] = [];
  for (const field of fields) {
    const last = groups.at(-1);
    const control = field.verification?.control ?? field.control;
    const isSame = control && (last?.[0].verification?.control ?? last?.[0].control) === control;
    if (last && isSame) last.push(field);
    else groups.push([field]);
  }
  return groups;
}

const PAGE_ERRORS: Readonly<Record<string, PageErrorId>> = {
  error_passwordEntryMismatch: 'passwordEntryMismatch',
  error_requiredFieldMissing: 'requiredFieldMissing',
  error_fieldIncorrect: 'fieldIncorrect',
};

// The elements are always part of the page, and hidden while they are empty.
function buildPageErrors({ fields, errors: { page } }: Page, texts: PageTexts) {
  const hasPassword = fields.some(({ id }) => id === 'reenterPassword');
  const shown = page && (PAGE_ERRORS[page.id] ?? 'claimVerificationServerError');
  const ids: PageErrorId[] = [
    ...(hasPassword ? (['passwordEntryMismatch'] as const) : []),
    ...(['requiredFieldMissing', 'fieldIncorrect', 'claimVerificationServerError'] as const),
  ];
  return ids.map((id) => ({ id, text: page && shown === id ? texts.error(page) : undefined }));
}
