/** Codes that a profile has sent and another one checks. A run remembers them. */
import { sendVerificationCode } from '../../state/mailbox.ts';
import { claimText } from '../claim-text.ts';
import type { Exchange, JourneyRun } from '../run.ts';

export interface SentCode {
  code: string;
  expiresAt: number;
  failures: number;
  maxFailures: number;
  /** How many codes were created for this address. */
  count: number;
}

export type CodeResult = 'right' | 'wrong' | 'exhausted' | 'missing';

type Memory = JourneyRun['memory'];

export const findCode = (memory: Memory, key: string): SentCode | undefined =>
  memory.get(key) as SentCode | undefined;

// As in B2C: a code is valid for 20 minutes and for a few attempts.
const LIFETIME_MS = 20 * 60_000;
const MAX_FAILURES = 5;

/** Sends a code to an email address or a phone number: to the mailbox of the tenant. */
export function sendCode({ tenant, policy, memory }: JourneyRun, key: string, email: string): void {
  const now = tenant.now();
  const { code } = sendVerificationCode(tenant.mailbox, {
    ...{ email, policy: policy.id, now, fixedCode: tenant.fixedVerificationCode },
  });
  const sent = {
    code,
    expiresAt: now + LIFETIME_MS,
    failures: 0,
    maxFailures: MAX_FAILURES,
    count: 1,
  };
  memory.set(key, sent satisfies SentCode);
}

/** A code is valid once, until it expires, and for a limited number of attempts. */
export function checkCode(
  memory: Memory,
  key: string,
  { typed, now }: { typed: string; now: number },
): CodeResult {
  const sent = findCode(memory, key);
  if (!sent || now >= sent.expiresAt) return 'missing';
  if (sent.failures >= sent.maxFailures) return 'exhausted';
  if (typed.trim() !== sent.code) {
    sent.failures += 1;
    return sent.failures >= sent.maxFailures ? 'exhausted' : 'wrong';
  }
  memory.delete(key);
  return 'right';
}

/** The text of an input; empty if it has no value. */
export const inputText = ({ inputs }: Pick<Exchange, 'inputs'>, name: string): string =>
  claimText(inputs.get(name.toLowerCase()) ?? '').trim();
