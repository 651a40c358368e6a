/** `AzureMfaProtocolProvider`: a code by SMS, or the code of an authenticator app. */
import type { Account } from '../../state/accounts.ts';
import { isTotp } from '../../tokens/totp.ts';
import { ClaimsError } from '../claims-error.ts';
import { hasKey } from '../directory-attributes.ts';
import type { Exchange } from '../run.ts';
import { MAX_FAILURES } from '../verification.ts';
import { byOperation, inputText, MFA_REFUSALS, SMS_OPERATIONS } from './codes.ts';

/** The user and the secret of a new device, between `BeginVerifyOTP` and `VerifyOTP`. */
interface Enrollment {
  readonly account: Account | undefined;
  readonly secret: string;
  failures: number;
}

const findEnrollment = ({ run: { memory } }: Exchange): Enrollment | undefined =>
  memory.get('totp') as Enrollment | undefined;

const refusal = (result: keyof typeof MFA_REFUSALS): ClaimsError =>
  new ClaimsError(MFA_REFUSALS[result], `the code is ${result}`);

export const azureMfa = byOperation({
  ...SMS_OPERATIONS,
  getavailabledevices: (exchange) =>
    new Map([['numberofavailabledevices', findAccount(exchange)?.totpSecret ? 1 : 0]]),
  /** The only input of `VerifyOTP` is the code. */
  beginverifyotp(exchange) {
    const begun = findEnrollment(exchange);
    const secret = inputText(exchange, 'secretKey');
    // Pages begin with every attempt.
    const failures = begun?.secret === secret ? begun.failures : 0;
    const enrollment: Enrollment = { account: findAccount(exchange), failures, secret };
    exchange.run.memory.set('totp', enrollment);
    return new Map();
  },
  verifyotp(exchange) {
    const { memory, tenant } = exchange.run;
    const begun = findEnrollment(exchange);
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
});

function findAccount(exchange: Exchange): Account | undefined {
  const { tenant } = exchange.run;
  const keys = ['objectId', 'userPrincipalName']
    .map((name) => ({ name, value: inputText(exchange, name) }))
    .filter(({ value }) => value !== '');
  const findBy = (key: (typeof keys)[number]) =>
    [...tenant.accounts.values()].find((account) => hasKey(account, key, tenant));
  return keys.map(findBy).find((account) => account !== undefined);
}
