/** `AadSsprProtocolProvider`: mails a code, and checks it. */
import { ClaimsError } from '../claims-error.ts';
import { setting } from '../profile-claims.ts';
import type { Exchange, Outputs } from '../run.ts';
import { checkCode, inputText, sendCode } from './codes.ts';

const REFUSALS = {
  missing: 'UserMessageIfChallengeExpired',
  wrong: 'UserMessageIfVerificationFailedRetryAllowed',
  exhausted: 'UserMessageIfVerificationFailedNoRetry',
} as const;

export function emailVerification(exchange: Exchange): Outputs {
  const { run, profile } = exchange;
  const email = inputText(exchange, 'emailAddress');
  const key = `sspr:${email.toLowerCase()}`;
  if (setting(profile, 'Operation')?.toLowerCase() === 'sendcode') {
    if (email === '') throw new ClaimsError('UserMessageIfInternalError', 'there is no address');
    sendCode(run, key, email);
    return new Map();
  }
  const typed = inputText(exchange, 'verificationCode');
  const result = checkCode(run.memory, key, { typed, now: run.tenant.now() });
  if (result !== 'right') throw new ClaimsError(REFUSALS[result], `the code is ${result}`);
  return new Map();
}
