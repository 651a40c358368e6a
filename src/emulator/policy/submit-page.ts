/** Takes the form of a self-asserted page: checks the values, then runs the validation profiles. */
import { parseClaimText } from './claim-text.ts';
import { type ClaimsBag, type ClaimValue, writeClaim } from './claims-bag.ts';
import { ClaimsError } from './claims-error.ts';
import { retryLimit } from './fields-page.ts';
import type { Field, Page, PageError, PageErrors } from './page.ts';
import { matchesPattern } from './patterns.ts';
import { failedPredicates } from './predicates.ts';
import { isTrueSetting, partnerName, setting } from './profile-claims.ts';
import type { FormValues, JourneyRun, PageVisit } from './run.ts';
import { completeProfile, runValidations } from './run-profile.ts';
import type { TechnicalProfile } from './technical-profile.ts';
import { localizedText } from './texts.ts';
import { isEmail } from './verification.ts';

/**
 * Returns the errors of the page, or `undefined` after the claims are in the bag of the run.
 * @throws ClaimsError if `setting.retryLimit` is reached, JourneyError
 */
export async function submitFields(
  visit: PageVisit,
  form: FormValues,
): Promise<PageErrors | undefined> {
  const { run, page, profile, trace } = visit;
  const typed = readForm(page, form);
  rememberValues(page, typed);
  const errors = checkFields(run, page, typed);
  if (errors) return errors;
  // Passwords are seen by the validation profiles only.
  const bag: ClaimsBag = new Map([...run.bag, ...visit.proven]);
  writeTypedClaims(page, bag, { typed, profile });
  try {
    const traces = trace.validations;
    const scope = { run, bag, messages: profile };
    await runValidations(scope, profile.validationProfiles, { role: 'validation', traces });
    completeProfile(visit, collectOutputs(profile, bag));
    return undefined;
  } catch (error) {
    if (!(error instanceof ClaimsError)) throw error;
    visit.refusals += 1;
    if (visit.refusals >= retryLimit(profile)) throw error;
    return { page: messageOf(visit, error), items: {} };
  }
}

/** The text of an error: from outside, from the page's profile, from its language, or the built-in one. */
export function messageOf(
  { run, messages: page }: Pick<PageVisit, 'run' | 'messages'>,
  { messageId, textId, text, values, code, profile }: ClaimsError,
): PageError {
  const localized = localizedText(run, page.contentDefinition, {
    elementType: 'ErrorMessage',
    stringId: messageId,
  });
  const own = setting(page, messageId) ?? (profile && setting(profile, messageId));
  return { id: textId, text: text ?? localized ?? own, values, code };
}

function readForm({ fields, values }: Page, form: FormValues): Map<string, string> {
  const typed = new Map<string, string>();
  for (const { id, input, verification } of fields) {
    const isFixed = input === 'Readonly' || input === 'Paragraph';
    const known = values.get(id) ?? '';
    const text = isFixed ? known : (form.get(id) ?? '');
    // The proven values count, even if the form has others.
    const proven = verification?.state === 'verified' ? verification.values.get(id) : undefined;
    typed.set(id, proven ?? text);
  }
  return typed;
}

function rememberValues({ fields, values }: Page, typed: FormValues): void {
  for (const { id, input } of fields) {
    if (input !== 'Password') values.set(id, typed.get(id) ?? '');
  }
}

function checkFields(run: JourneyRun, page: Page, typed: FormValues): PageErrors | undefined {
  if (page.fields.some(({ verification }) => verification && verification.state !== 'verified')) {
    return { page: { id: 'UserMessageIfVerificationControlClaimsNotVerified' }, items: {} };
  }
  return findMissing(page, typed) ?? findIncorrect(run, page, typed) ?? findMismatch(page, typed);
}

function findMissing({ kind, fields }: Page, typed: FormValues): PageErrors | undefined {
  const missing = fields.filter(
    ({ id, isRequired, input }) =>
      (isRequired || (kind === 'sign-in' && input === 'Password')) && typed.get(id) === '',
  );
  if (missing.length === 0) return undefined;
  if (kind === 'sign-in') return { items: Object.fromEntries(missing.map(signInItem)) };
  const items = Object.fromEntries(missing.map(({ id }) => [id, { id: 'required_field' }]));
  return { page: { id: 'error_requiredFieldMissing' }, items };
}

/** The page fills the label of the field into the text. */
const signInItem = ({ id, input }: Field): [string, PageError] => [
  id,
  { id: input === 'Password' ? 'requiredField_password' : 'requiredField_generic' },
];

function findIncorrect(run: JourneyRun, page: Page, typed: FormValues): PageErrors | undefined {
  const items: Record<string, PageError> = {};
  for (const field of page.fields) {
    const error = findFieldError(run, page, { field, text: typed.get(field.id) ?? '' });
    if (error) items[field.id] = error;
  }
  if (Object.keys(items).length === 0) return undefined;
  return { page: { id: 'error_fieldIncorrect' }, items };
}

function findFieldError(
  run: JourneyRun,
  { contentDefinition }: Page,
  { field, text }: { field: Field; text: string },
): PageError | undefined {
  const { claimType, input, options } = field;
  if (text === '' || input === 'Readonly' || input === 'Paragraph') return undefined;
  const { pattern, predicateValidation } = claimType;
  if (input === 'EmailBox' && !isEmail(text)) return { id: 'ver_incorrect_format' };
  if (pattern && !matchesPattern(pattern.value.regularExpression, text)) {
    return { id: 'error_fieldIncorrect', text: pattern.value.helpText };
  }
  const failed = predicateValidation && failedPredicates(predicateValidation, text, run.tenant);
  if (failed && failed.length > 0) {
    if (predicateValidation.message) return predicateValidation.message;
    const texts = failed.map(
      ({ predicate, text: own }) =>
        localizedText(run, contentDefinition, {
          elementType: 'Predicate',
          elementId: predicate,
          stringId: 'HelpText',
        }) ?? own,
    );
    return { id: 'error_fieldIncorrect', text: texts.filter(Boolean).join(' ') || undefined };
  }
  const isChoice = text.split(',').every((part) => options.some(({ value }) => value === part));
  const mustChoose = options.length > 0 && input !== 'TextBox';
  const isTyped = parseClaimText(claimType, text) !== undefined;
  return isTyped && (!mustChoose || isChoice) ? undefined : { id: 'error_fieldIncorrect' };
}

/** B2C knows the two fields by the names of their claims. */
function findMismatch({ fields }: Page, typed: FormValues): PageErrors | undefined {
  const typedAs = (name: string) => {
    const field = fields.find(({ id, claimType: { textId = id } }) => textId === name);
    return field && typed.get(field.id);
  };
  const repeated = typedAs('reenterPassword');
  const isSame = repeated === undefined || repeated === typedAs('newPassword');
  return isSame ? undefined : { page: { id: 'error_passwordEntryMismatch' }, items: {} };
}

function writeTypedClaims(
  { fields }: Page,
  bag: ClaimsBag,
  { typed, profile }: { typed: FormValues; profile: TechnicalProfile },
): void {
  const keepsEmpty = isTrueSetting(profile, 'AllowGenerationOfClaimsWithNullValues');
  for (const { id, claimType, input } of fields) {
    const text = typed.get(id) ?? '';
    if (input === 'Paragraph') continue;
    // An empty text is the null value of `AllowGenerationOfClaimsWithNullValues`.
    const empty = keepsEmpty ? '' : undefined;
    writeClaim(bag, claimType, parseClaimText(claimType, text) ?? empty);
  }
}

/** The outputs of the page: what the user typed and what the validation profiles gave, except passwords. */
function collectOutputs(profile: TechnicalProfile, bag: ClaimsBag): Map<string, ClaimValue> {
  const outputs = new Map<string, ClaimValue>();
  for (const reference of profile.outputClaims) {
    const value = bag.get(reference.claimType.id.toLowerCase());
    const isPassword = reference.claimType.userInputType?.value === 'Password';
    if (value !== undefined && !isPassword) outputs.set(partnerName(reference, profile), value);
  }
  return outputs;
}
