/** A display control: the proof of an address with a code, or claims that are only shown. */
import type { Field, Page } from '../policy/page.ts';
import type { Verification } from '../policy/verification.ts';
import { buildField, type FieldModel } from './field-model.ts';
import type { PageTexts } from './page-texts.ts';
import { type BuiltInModel, outcomeTexts } from './verification-model.ts';

/** `li.VerificationControl` with its fields and the field of the code. */
export interface ControlModel {
  kind: 'control';
  id: string;
  state: Verification['state'];
  /** `#continue` sends and checks the code. */
  usesContinue: boolean;
  success: string | undefined;
  failure: string | undefined;
  intro: string;
  fields: FieldModel[];
  code: { id: string; label: string } | undefined;
  suffix: string;
  labels: BuiltInModel['labels'];
}

/** A control that only shows claims, such as a key for an authenticator app. */
export interface NoteModel {
  kind: 'note';
  id: string;
  className: string;
  title: string;
  lines: string[];
}

export function buildControl(
  group: readonly [Field, ...Field[]],
  page: Page,
  {
    texts,
    focused,
    suffix,
    usesContinue,
  }: { texts: PageTexts; focused: Field | undefined; suffix: string; usesContinue: boolean },
): ControlModel | NoteModel {
  const [first] = group;
  const { verification } = first;
  const control = verification?.control ?? first.control;
  const id = control?.id ?? first.id;
  if (!verification) return buildNote(group, page, { id, type: control?.type ?? '', texts });
  const own = texts.control(id);
  const { state } = verification;
  const isSent = state === 'code_sent';
  const code = control?.displayClaims.find(({ controlClaimType }) =>
    isCode(controlClaimType),
  )?.claimType;
  return {
    ...{ kind: 'control', id, state, usesContinue },
    ...outcomeTexts(verification, own),
    intro: own['intro_msg'] ?? own.ver_intro_msg ?? '',
    fields: group.map((field) => {
      const isFocused = field === focused && !isSent;
      const model = buildField(field, page, { texts, suffix, isLocked: false, isFocused });
      const isRefused = field === first && verification.message === 'bad_address';
      return isRefused ? { ...model, error: own.ver_incorrect_format } : model;
    }),
    code: code && { id: code.id, label: texts.label(code) },
    suffix,
    labels: {
      code: code ? texts.label(code) : '',
      send: own.but_send_code ?? '',
      verify: own.but_verify_code ?? '',
      resend: own.but_send_new_code ?? '',
      edit: own.but_change_claims ?? '',
    },
  };
}

const isCode = (controlClaimType: string | undefined): boolean =>
  controlClaimType?.toLowerCase() === 'verificationcode';

function buildNote(
  group: readonly Field[],
  { values }: Page,
  { id, type, texts }: { id: string; type: string; texts: PageTexts },
): NoteModel {
  const lines = group.map((field) => values.get(field.id) ?? '').filter((line) => line !== '');
  const title = texts.control(id)['title_text'] ?? '';
  return { kind: 'note', id, className: type, title, lines };
}
