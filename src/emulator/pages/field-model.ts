import type { ClaimType, UserInputType } from '../policy/claims.ts';
import type { Field, Page } from '../policy/page.ts';
import type { PageTexts } from './page-texts.ts';
import { type BuiltInModel, buildBuiltIn } from './verification-model.ts';

/** One field of a self-asserted page. */
export interface FieldModel {
  kind: 'field';
  id: string;
  input: UserInputType;
  label: string;
  help: string | undefined;
  /** Several choices are separated by commas, a date is `yyyy-mm-dd`. */
  value: string;
  options: readonly { text: string; value: string }[];
  error: string | undefined;
  isRequired: boolean;
  isReadonly: boolean;
  disabled: boolean;
  autofocus: boolean;
  pattern: string | undefined;
  autocomplete: string | undefined;
  /** Sign-in names and codes are left-to-right in every language. */
  isLatin: boolean;
  /** The proof of an email address with B2C's built-in elements. */
  verification?: BuiltInModel;
}

export interface FieldContext {
  texts: PageTexts;
  isLocked: boolean;
  isFocused: boolean;
  /** End of the value of its buttons. */
  suffix: string;
}

export function buildField(
  field: Field,
  { values, errors }: Page,
  { texts, isLocked, isFocused, suffix }: FieldContext,
): FieldModel {
  const { id, claimType, verification, options } = field;
  const isReadonly = field.input === 'Readonly' || verification?.state === 'verified';
  const isText = field.input === 'Readonly' || field.input === 'Paragraph';
  const value = field.input === 'Password' ? '' : (values.get(id) ?? '');
  const error = errors.items[id];
  const label = texts.label(claimType);
  return {
    kind: 'field',
    ...{ id, label, isReadonly, options, input: field.input },
    help: texts.help(claimType) || undefined,
    value: isText ? masked(claimType, value) : value,
    error: error && texts.error({ values: [label], ...error }),
    isRequired: field.isRequired || verification !== undefined,
    disabled: isLocked && !isText,
    autofocus: isFocused && !isText,
    pattern: inputPattern(claimType, field.input === 'EmailBox'),
    autocomplete: autocomplete(field),
    isLatin: field.input === 'EmailBox' || verification !== undefined || LATIN.test(id),
    ...(verification?.kind === 'built-in'
      ? { verification: buildBuiltIn(verification, texts, suffix) }
      : {}),
  };
}

// The default of B2C's `email_pattern`.
const EMAIL_PATTERN =
  "^[a-zA-Z0-9.!#$%&'*+\\/=?^_`\\{\\|\\}~\\-]+@[a-zA-Z0-9\\-]+(?:\\.[a-zA-Z0-9\\-]+)*$";

/** The attribute `pattern`, which scripts read. The server checks the value. */
export const inputPattern = ({ pattern }: ClaimType, isEmail: boolean): string | undefined =>
  pattern?.value.regularExpression ?? (isEmail ? EMAIL_PATTERN : undefined);

const LATIN = /^(signInName|logonIdentifier|UserId|username|email)$|code$/i;

function autocomplete({ id, input, claimType: { textId = id } }: Field): string | undefined {
  if (input === 'Password')
    return /^(password|oldPassword)$/.test(textId) ? 'current-password' : 'new-password';
  if (input === 'EmailBox') return 'email';
  return /^(otpCode|verificationCode)$/i.test(id) ? 'one-time-code' : undefined;
}

/** `Mask` changes only what the page shows. */
function masked({ mask }: ClaimType, value: string): string {
  if (!mask || value === '') return value;
  const { type, text, regex } = mask.value;
  if (type === 'Simple') return `${text}${value}`;
  return regex === undefined ? value : value.replace(new RegExp(regex, 'gu'), text);
}
