/** Sends and checks the codes of a page: by the built-in way, or with the actions of a display control. */
import { parseClaimText } from './claim-text.ts';
import { type ClaimsBag, readClaim, writeClaim } from './claims-bag.ts';
import { ClaimsError, JourneyError } from './claims-error.ts';
import type { Field, Page } from './page.ts';
import type { FormValues, JourneyRun, PageVisit } from './run.ts';
import { runValidations } from './run-profile.ts';
import { messageOf } from './submit-page.ts';
import type { DisplayControl } from './technical-profile.ts';
import {
  createVerification,
  isEmail,
  isPhoneNumber,
  MAX_FAILURES,
  sendCode,
  type Verification,
  type VerificationAction,
} from './verification.ts';

export interface CodeInput {
  readonly field: Field;
  readonly action: VerificationAction;
  /** The address in the form; empty for the one that the code was sent to. */
  readonly address: string;
  readonly code: string;
  readonly form: FormValues;
}

/** Runs the action of a button, and leaves a message for the page. */
export async function useVerification(run: JourneyRun, input: CodeInput): Promise<void> {
  const { waiting } = run;
  const { verification } = input.field;
  if (waiting?.kind !== 'page' || !waiting.visit || !verification) return;
  const { page } = waiting;
  verification.text = undefined;
  // Without this, a code that cannot be sent to another address would leave that address verified.
  if (input.action === 'send_code') verification.state = 'start';
  if (input.action === 'change_claims') {
    const { control, address } = verification;
    Object.assign(verification, createVerification(control), { address });
  } else if (verification.control && verification.control.actions.length > 0) {
    await runControl(waiting.visit, { ...input, verification }, verification.control);
  } else if (input.action === 'send_code') {
    sendBuiltIn(run, page, { ...input, verification });
  } else {
    checkCode(verification, input, run.tenant.now());
  }
}

type WithVerification = CodeInput & { readonly verification: Verification };

function sendBuiltIn(
  run: JourneyRun,
  page: Page,
  { verification, address, field }: WithVerification,
): void {
  const isPhone = page.kind === 'phone';
  const known = page.values.get(field.id) ?? '';
  // The user cannot change an address that is read-only.
  const wanted = address === '' || field.input === 'Readonly' ? known : address;
  verification.address = wanted;
  verification.values = new Map([[field.id, wanted]]);
  page.values.set(field.id, wanted);
  if (!(isPhone ? isPhoneNumber(wanted) : isEmail(wanted))) {
    verification.message = 'bad_address';
    return;
  }
  Object.assign(verification, sendCode(run, wanted), { state: 'code_sent', message: 'code_sent' });
}

function checkCode(verification: Verification, { address, code }: CodeInput, now: number): void {
  if (verification.state !== 'code_sent') return;
  // The user can still change the address after the code was sent.
  const isSame = address === '' || address.toLowerCase() === verification.address.toLowerCase();
  if (verification.failures >= MAX_FAILURES) verification.message = 'too_many_failures';
  else if (now >= verification.expiresAt) verification.message = 'code_expired';
  else if (code.trim() === verification.code && isSame) {
    verification.state = 'verified';
    verification.message = 'verified';
  } else {
    verification.failures += 1;
    verification.message = 'wrong_code';
  }
}

/** An action of a `VerificationControl`: its claims, then its validation profiles in their order. */
async function runControl(
  visit: PageVisit,
  { field, action, code, form, verification, address }: WithVerification,
  control: DisplayControl,
): Promise<void> {
  const { run, page, pageTrace, messages, proven, trace } = visit;
  const wanted = action === 'send_code' ? 'sendcode' : 'verifycode';
  const steps = control.actions.find(({ id }) => id.toLowerCase() === wanted);
  const typed = address === '' ? form : new Map([...form, [field.id, address]]);
  verification.values = controlValues(page, control, { typed, verification, action });
  verification.address = verification.values.get(field.id) ?? '';
  for (const [id, text] of verification.values) page.values.set(id, text);
  const bag: ClaimsBag = new Map([...run.bag, ...proven]);
  for (const { claimType, controlClaimType } of control.displayClaims) {
    if (!claimType) continue;
    const isCode = controlClaimType === 'VerificationCode';
    const text = isCode ? code.trim() : (verification.values.get(claimType.id) ?? '');
    if (text !== '') writeClaim(bag, claimType, parseClaimText(claimType, text));
  }
  try {
    const traces = trace.validations;
    const profiles = steps?.validationProfiles ?? [];
    await runValidations({ run, bag, messages }, profiles, { role: 'control', traces });
    if (action === 'send_code') verification.state = 'code_sent';
    else if (verification.state === 'code_sent') verification.state = 'verified';
    verification.message = action === 'send_code' ? 'code_sent' : 'verified';
    keepControlOutputs(visit, bag, control);
  } catch (error) {
    const { id, text } = controlError(visit, error);
    verification.message = id;
    verification.text = text;
    pageTrace.errors.push(text ?? id);
  }
}

/** The page shows both kinds of errors next to the field: without a code the user cannot continue. */
function controlError(visit: PageVisit, error: unknown) {
  if (error instanceof ClaimsError) return messageOf(visit, error);
  if (error instanceof JourneyError) return { id: 'error', text: error.message };
  throw error;
}

/** The values of the fields of a control. Those that the code was sent for do not change until it is confirmed. */
function controlValues(
  { fields, values }: Page,
  { displayClaims }: DisplayControl,
  {
    typed,
    verification,
    action,
  }: Pick<WithVerification, 'action' | 'verification'> & { typed: FormValues },
): Map<string, string> {
  const result = new Map<string, string>();
  for (const { claimType, controlClaimType } of displayClaims) {
    if (!claimType || controlClaimType === 'VerificationCode') continue;
    const { id } = claimType;
    const isFixed = fields.some((field) => field.id === id && field.input === 'Readonly');
    const current = (isFixed ? undefined : typed.get(id)) ?? values.get(id) ?? '';
    const sent = action === 'send_code' ? '' : (verification.values.get(id) ?? '');
    result.set(id, sent || current);
  }
  return result;
}

/** Claims that the actions put out stay with the page, so that its validation profiles see them. */
function keepControlOutputs(
  { run, proven }: PageVisit,
  bag: ClaimsBag,
  { outputClaims }: DisplayControl,
): void {
  for (const [id, value] of bag) if (run.bag.get(id) !== value) proven.set(id, value);
  for (const { claimType } of outputClaims) {
    const value = readClaim(bag, claimType);
    if (value !== undefined) writeClaim(proven, claimType, value);
  }
}
