import { randomInt } from 'node:crypto';

/** A verification code, sent by email or SMS. */
export interface Message {
  /** An email address or a phone number. */
  email: string;
  code: string;
  policy: string;
  sentAt: string;
}

/** Newest first. */
export type Mailbox = Message[];

const MAX_MESSAGES = 100;

export function sendVerificationCode(
  mailbox: Mailbox,
  message: { email: string; policy: string; now: number; fixedCode: string | undefined },
): Message {
  const { email, policy, now, fixedCode } = message;
  const code = fixedCode ?? String(randomInt(1_000_000)).padStart(6, '0');
  const sent = { email, code, policy, sentAt: new Date(now).toISOString() };
  mailbox.unshift(sent);
  mailbox.length = Math.min(mailbox.length, MAX_MESSAGES);
  return sent;
}

export function messagesTo(mailbox: Mailbox, email: string | null): Message[] {
  const wanted = email?.trim().toLowerCase();
  return wanted ? mailbox.filter((message) => message.email.toLowerCase() === wanted) : mailbox;
}
