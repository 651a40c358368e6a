/**
 * Codes that a profile has sent and another one checks: `OneTimePasswordProtocolProvider`, whose codes the
 * policy sends, `AadSsprProtocolProvider` by mail, and `AzureMfaProtocolProvider` by SMS. A run remembers
 * them.
 */
import { randomInt } from 'node:crypto';
import { sendVerificationCode } from '../../state/mailbox.ts';
import { claimText } from '../claim-text.ts';
import { ClaimsError, JourneyError } from '../claims-error.ts';
import { charactersOf } from '../predicates.ts';
import { isTrueSetting, setting } from '../profile-claims.ts';
import type { AutomaticHandler, Exchange, Outputs } from '../run.ts';
import { isPhoneNumber, MAX_FAILURES, sendCode } from '../verification.ts';

interface SentCode {
  code: string;
  expiresAt: number;
  failures: number;
  maxFailures: number;
  /** How many codes were created for this address. */
  count: number;
}

/** The text of an input; empty if it has no value. */
export const inputText = ({ inputs }: Pick<Exchange, 'inputs'>, name: string): string =>
  claimText(inputs.get(name.toLowerCase()) ?? '').trim();

/** Runs the operation of the profile. @throws JourneyError if there is no such operation */
export const byOperation =
  (operations: Readonly<Record<string, AutomaticHandler>>): AutomaticHandler =>
  (exchange) => {
    const operation = setting(exchange.profile, 'Operation') ?? '';
    const run = operations[operation.toLowerCase()] ?? operations['default'];
    if (run) return run(exchange);
    throw new JourneyError(`${exchange.profile.id}: there is no operation ${operation}.`);
  };

const NO_OUTPUTS: Outputs = new Map();

/** Sends a code, which the run remembers. */
function sendFor({ run }: Exchange, key: string, email: string): Outputs {
  const limits = { maxFailures: MAX_FAILURES, count: 1 };
  run.memory.set(key, { ...sendCode(run, email), ...limits } satisfies SentCode);
  return NO_OUTPUTS;
}

type Refusals = Readonly<Record<'wrong' | 'exhausted' | 'missing', string>>;

/**
 * A code is valid once, until it expires, and for a limited number of attempts.
 * @throws ClaimsError with the message for the reason
 */
function checkCode({ run: { memory, tenant } }: Exchange, key: string, code: CodeCheck): Outputs {
  const refuse = (why: keyof Refusals) => new ClaimsError(code.refusals[why], `the code is ${why}`);
  const sent = memory.get(key) as SentCode | undefined;
  if (!sent || tenant.now() >= sent.expiresAt) throw refuse('missing');
  if (sent.failures >= sent.maxFailures) throw refuse('exhausted');
  if (code.typed !== sent.code) {
    sent.failures += 1;
    throw refuse(sent.failures >= sent.maxFailures ? 'exhausted' : 'wrong');
  }
  memory.delete(key);
  return NO_OUTPUTS;
}

interface CodeCheck {
  readonly typed: string;
  readonly refusals: Refusals;
}

const mailKey = (exchange: Exchange) => `sspr:${inputText(exchange, 'emailAddress').toLowerCase()}`;

/** `AadSsprProtocolProvider`: mails a code, and checks it. */
export const emailVerification = byOperation({
  sendcode(exchange) {
    const email = inputText(exchange, 'emailAddress');
    if (email === '') throw new ClaimsError('UserMessageIfInternalError', 'there is no address');
    return sendFor(exchange, mailKey(exchange), email);
  },
  default: (exchange) =>
    checkCode(exchange, mailKey(exchange), {
      typed: inputText(exchange, 'verificationCode'),
      refusals: {
        missing: 'UserMessageIfChallengeExpired',
        wrong: 'UserMessageIfVerificationFailedRetryAllowed',
        exhausted: 'UserMessageIfVerificationFailedNoRetry',
      },
    }),
});

const phoneNumber = (exchange: Exchange): string =>
  inputText(exchange, 'phoneNumber').replace(/[\s().-]/g, '');

/** Message IDs of all operations of `AzureMfaProtocolProvider`. */
export const MFA_REFUSALS: Refusals = {
  missing: 'UserMessageIfServerError',
  wrong: 'UserMessageIfWrongCodeEntered',
  exhausted: 'UserMessageIfMaxAllowedCodeRetryReached',
};

/** Sends a code by SMS, and checks it. */
export const SMS_OPERATIONS = {
  onewaysms(exchange) {
    const number = phoneNumber(exchange);
    if (isPhoneNumber(number)) return sendFor(exchange, `mfa:${number}`, number);
    throw new ClaimsError('UserMessageIfInvalidFormat', `"${number}" is not a phone number`);
  },
  verify: (exchange) =>
    checkCode(exchange, `mfa:${phoneNumber(exchange)}`, {
      typed: inputText(exchange, 'verificationCode'),
      refusals: MFA_REFUSALS,
    }),
} satisfies Record<string, AutomaticHandler>;

const otpKey = (exchange: Exchange) => `otp:${inputText(exchange, 'identifier').toLowerCase()}`;

/** `OneTimePasswordProtocolProvider`: creates a code that the policy itself sends, and checks it. */
export const oneTimePassword = byOperation({
  verifycode(exchange) {
    const retry = 'UserMessageIfVerificationFailedRetryAllowed';
    const hasRetry = setting(exchange.messages, retry) !== undefined;
    return checkCode(exchange, otpKey(exchange), {
      typed: inputText(exchange, 'otpToVerify'),
      refusals: {
        missing: 'UserMessageIfSessionDoesNotExist',
        wrong: hasRetry ? retry : 'UserMessageIfInvalidCode',
        exhausted: 'UserMessageIfMaxRetryAttempted',
      },
    });
  },
  default: generateCode,
});

function generateCode(exchange: Exchange): Outputs {
  const { run, profile } = exchange;
  const now = run.tenant.now();
  const number = (name: string, standard: number) => Number(setting(profile, name) ?? standard);
  const known = run.memory.get(otpKey(exchange)) as SentCode | undefined;
  const active = known && now < known.expiresAt ? known : undefined;
  if (active && active.failures >= active.maxFailures) {
    throw new ClaimsError('UserMessageIfMaxRetryAttempted', 'too many wrong codes');
  }
  const count = (known?.count ?? 0) + 1;
  if (count > number('NumCodeGenerationAttempts', 10)) {
    throw new ClaimsError('UserMessageIfMaxNumberOfCodeGenerated', 'too many codes');
  }
  const isReused = active && isTrueSetting(profile, 'ReuseSameCode');
  const code = isReused ? active.code : createCode(exchange, number('CodeLength', 6));
  const seconds = Math.min(1200, Math.max(60, number('CodeExpirationInSeconds', 600)));
  run.memory.set(otpKey(exchange), {
    ...{ code, count, failures: 0, maxFailures: number('NumRetryAttempts', 5) },
    expiresAt: now + seconds * 1000,
  } satisfies SentCode);
  // A policy sends this code with a REST API, which a test may not have.
  const email = inputText(exchange, 'identifier');
  sendVerificationCode(run.tenant.mailbox, { email, policy: run.policy.id, now, fixedCode: code });
  return new Map([['otpgenerated', code]]);
}

function createCode({ run, profile }: Exchange, length: number): string {
  const characters = charactersOf(setting(profile, 'CharacterSet') ?? '0-9');
  if (characters.length < 10) {
    throw new JourneyError(`${profile.id}: CharacterSet needs ten characters.`);
  }
  const letters = Array.from({ length }, () => characters[randomInt(characters.length)]);
  return run.tenant.fixedVerificationCode ?? letters.join('');
}
