/** `AzureMfaProtocolProvider`: a code by SMS, or the code of an authenticator app. */
import type { Account } from '../../state/accounts.ts';
import { isTotp } from '../../tokens/totp.ts';
import { ClaimsError, JourneyError } from '../claims-error.ts';
import { hasKey } from '../directory-attributes.ts';
import { setting } from '../profile-claims.ts';
import type { AutomaticHandler, Exchange, Outputs } from '../run.ts';
import { checkCode, inputText, sendCode } from './codes.ts';

export function azureMfa(exchange: Exchange): Outputs | Promise<Outputs> {
  const operation = setting(exchange.profile, 'Operation') ?? '';
  const run = OPERATIONS[operation.toLowerCase()];
  if (!run) throw new JourneyError(`${exchange.profile.id}: there is no operation ${operation}.`);
  return run(exchange);
}

// E.164
const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;
const MAX_FAILURES = 5;

const phoneNumber = (exchange: Exchange): string =>
  inputText(exchange, 'phoneNumber').replace(/[\s().-]/g, '');

const REFUSALS = {
  missing: 'UserMessageIfServerError',
  wrong: 'UserMessageIfWrongCodeEntered',
  exhausted: 'UserMessageIfMaxAllowedCodeRetryReached',
} as const;

const refusal = (result: keyof typeof REFUSALS): ClaimsError =>
  new ClaimsError(REFUSALS[result], `the code is ${result}`);

const OPERATIONS: Record<string, AutomaticHandler> = {
  onewaysms(exchange) {
    const number = phoneNumber(exchange);
    if (!PHONE_NUMBER.test(number)) {
      throw new ClaimsError('UserMessageIfInvalidFormat', `"${number}" is not a phone number`);
    }
    sendCode(exchange.run, `mfa:${number}`, number);
    return new Map();
  },
  verify(exchange) {
    const { memory, tenant } = exchange.run;
    const typed = inputText(exchange, 'verificationCode');
    const key = `mfa:${phoneNumber(exchange)}`;
    const result = checkCode(memory, key, { typed, now: tenant.now() });
    if (result !== 'right') throw refusal(result);
    return new Map();
  },
  getavailabledevices: (exchange) =>
    new Map([['numberofavailabledevices', findAccount(exchange)?.totpSecret ? 1 : 0]]),
  /** Remembers the user and the secret of a new device for `VerifyOTP`, whose only input is the code. */
  beginverifyotp(exchange) {
    const { memory } = exchange.run;
    const begun = memory.get('totp') as Enrollment | undefined;
    const secret = inputText(exchange, 'secretKey');
    // Pages begin with every attempt.
    const failures = begun?.secret === secret ? begun.failures : 0;
    const account = findAccount(exchange);
    memory.set('totp', { account, failures, secret } satisfies Enrollment);
    return new Map();
  },
  verifyotp(exchange) {
    const { memory, tenant } = exchange.run;
    const begun = memory.get('totp') as Enrollment | undefined;
    const account = begun?.account ?? findAccount(exchange);
    const offered = begun?.secret || inputText(exchange, 'secretKey');
    const secret = account?.totpSecret ?? offered;
    const attempts = begun ?? { account, secret: offered, failures: 0 };
    memory.set('totp', attempts);
    if (!account || secret === '') throw refusal('missing');
    if (attempts.failures >= MAX_FAILURES) throw refusal('exhausted');
    if (!isTotp(secret, inputText(exchange, 'otpCode'), tenant.now())) {
      attempts.failures += 1;
      throw refusal('wrong');
    }
    account.totpSecret = secret;
    memory.delete('totp');
    return new Map();
  },
};

interface Enrollment {
  readonly account: Account | undefined;
  readonly secret: string;
  failures: number;
}

function findAccount(exchange: Exchange): Account | undefined {
  const { tenant } = exchange.run;
  for (const name of ['objectId', 'userPrincipalName']) {
    const value = inputText(exchange, name);
    const accounts = value === '' ? [] : [...tenant.accounts.values()];
    const found = accounts.find((account) => hasKey(account, { name, value }, tenant));
    if (found) return found;
  }
  return undefined;
}
