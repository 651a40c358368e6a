/** Reads the forms of the hosted pages: of browsers, and of scripts that post claims themselves. */
import type { ElementIds } from '../definition/page-settings.ts';
import type { Field, Page } from '../policy/page.ts';
import type { FormValues } from '../policy/run.ts';
import type { CodeInput } from '../policy/use-verification.ts';
import type { VerificationAction } from '../policy/verification.ts';
import type { PageTexts } from './page-texts.ts';

// Scripts that post the form themselves use one of several names.
const SIGN_IN_NAMES = ['email', 'signInName', 'logonIdentifier', 'UserId'];
const EMAIL_NAMES = ['email', 'claim_value', 'readOnlyEmail', 'ReadOnlyEmail'];
const CODE_NAMES = [
  ...['emailVerificationCode', 'verificationCode', 'VerificationCode'],
  ...['email_ver_input', 'user_input'],
];

/** The values by claim ID. The sign-in page names its inputs by their labels, as B2C does. */
export function readForm(page: Page, sent: URLSearchParams, texts: PageTexts): FormValues {
  return new Map(page.fields.map((field) => [field.id, readField(page, field, { sent, texts })]));
}

function readField(
  { kind }: Page,
  { id, claimType, input, verification }: Field,
  { sent, texts }: { sent: URLSearchParams; texts: PageTexts },
): string {
  const label = kind === 'sign-in' ? [texts.label(claimType)] : [claimType.textId ?? id];
  if (input === 'Password') {
    return firstOf(sent, [id, ...label, ...(kind === 'sign-in' ? ['Password', 'password'] : [])]);
  }
  if (input === 'DateTimeDropdown' && !sent.has(id)) return readDate(sent, id);
  const isSignInName = SIGN_IN_NAMES.includes(id);
  const aliases = isSignInName ? SIGN_IN_NAMES : verification ? EMAIL_NAMES : [];
  return typedValue(sent, [id, ...label, ...aliases]);
}

/** A date in three drop-downs. */
function readDate(sent: URLSearchParams, id: string): string {
  const parts = ['year', 'month', 'day'].map((part) => sent.get(`${id}_${part}`) ?? '');
  return parts.every((part) => part === '')
    ? ''
    : parts.map((part) => part.padStart(2, '0')).join('-');
}

const firstOf = (sent: URLSearchParams, names: readonly string[]): string =>
  sent.get(names.find((name) => sent.has(name)) ?? '') ?? '';

/** Several choices are separated by commas, as B2C stores them. */
export function typedValue(sent: URLSearchParams, names: readonly string[]): string {
  const name = names.find((candidate) => sent.has(candidate)) ?? '';
  const values = sent.getAll(name).map((value) => value.trim());
  return values.filter((value) => value !== '').join(',');
}

export interface CodeAction {
  readonly name: VerificationAction;
  /** ID of the claim or of the display control; without it, the first proof of the page. */
  readonly field?: string | undefined;
}

const ACTIONS: Readonly<Record<string, VerificationAction>> = {
  ...{ send_code: 'send_code', verify_code: 'verify_code' },
  ...{ send_new_code: 'send_code', change_claims: 'change_claims' },
};

/** `action` is the value of a button; B2C's own script posts `request_type` instead. */
export function parseCodeAction(sent: URLSearchParams): CodeAction | undefined {
  const requestType = sent.get('request_type');
  const field = sent.get('claim_id') ?? undefined;
  if (requestType === 'VERIFICATION_REQUEST') return { name: 'send_code', field };
  if (requestType === 'VALIDATION_REQUEST') return { name: 'verify_code', field };
  const [action = '', named] = (sent.get('action') ?? '').split(' ');
  const name = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  return name && { name, field: named };
}

/** `undefined` if the page has nothing to prove. */
export function readCodeInput(
  page: Page,
  { action, sent, ids }: { action: CodeAction; sent: URLSearchParams; ids: ElementIds },
  texts: PageTexts,
): CodeInput | undefined {
  const provable = page.fields.filter(({ verification }) => verification);
  const wanted = action.field?.toLowerCase();
  const named = provable.find(
    ({ id, verification }) =>
      id.toLowerCase() === wanted || verification?.control?.id.toLowerCase() === wanted,
  );
  const field = named ?? provable[0];
  if (!field) return undefined;
  const code = field.verification?.control?.displayClaims.find(
    ({ controlClaimType }) => controlClaimType?.toLowerCase() === 'verificationcode',
  );
  const codeNames = [code?.claimType?.id ?? '', `${field.id}_ver_input`, ids.verificationCode];
  return {
    field,
    action: action.name,
    address:
      page.kind === 'phone' ? typedNumber(sent, ids) : typedValue(sent, [field.id, ...EMAIL_NAMES]),
    code: typedValue(sent, [...codeNames, ...CODE_NAMES]),
    form: readForm(page, sent, texts),
  };
}

/** The selected or entered number; empty for the known one. */
function typedNumber(sent: URLSearchParams, { phoneNumber }: ElementIds): string {
  const typed = typedValue(sent, [phoneNumber, 'number', 'localNumber']);
  const number = typed.replace(/[\s().-]/g, '');
  if (number === '') return sent.get('knownNumber') ?? '';
  if (number.startsWith('+')) return number;
  const country = typedValue(sent, ['countryCode']).replace(/[^\d]/g, '');
  return `+${country}${number.replace(/^0+/, '')}`;
}
