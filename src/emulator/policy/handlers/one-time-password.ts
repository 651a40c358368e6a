/** `OneTimePasswordProtocolProvider`: creates a code that the policy itself sends, and checks it. */
import { randomInt } from 'node:crypto';
import { sendVerificationCode } from '../../state/mailbox.ts';
import { ClaimsError, JourneyError } from '../claims-error.ts';
import { charactersOf } from '../predicates.ts';
import { isTrueSetting, setting } from '../profile-claims.ts';
import type { Exchange, Outputs } from '../run.ts';
import { checkCode, findCode, inputText, type SentCode } from './codes.ts';

export function oneTimePassword(exchange: Exchange): Outputs {
  const operation = setting(exchange.profile, 'Operation')?.toLowerCase();
  return operation === 'verifycode' ? verifyCode(exchange) : generateCode(exchange);
}

const keyOf = (exchange: Exchange) => `otp:${inputText(exchange, 'identifier').toLowerCase()}`;

function generateCode(exchange: Exchange): Outputs {
  const { run, profile } = exchange;
  const now = run.tenant.now();
  const number = (name: string, standard: number) => Number(setting(profile, name) ?? standard);
  const known = findCode(run.memory, keyOf(exchange));
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
  run.memory.set(keyOf(exchange), {
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

function verifyCode(exchange: Exchange): Outputs {
  const { run, messages } = exchange;
  const typed = inputText(exchange, 'otpToVerify');
  const result = checkCode(run.memory, keyOf(exchange), { typed, now: run.tenant.now() });
  if (result === 'right') return new Map();
  const retry = 'UserMessageIfVerificationFailedRetryAllowed';
  const wrong = setting(messages, retry) === undefined ? 'UserMessageIfInvalidCode' : retry;
  const ids = {
    ...{ missing: 'UserMessageIfSessionDoesNotExist', wrong },
    exhausted: 'UserMessageIfMaxRetryAttempted',
  };
  throw new ClaimsError(ids[result], `the code is ${result}`);
}
