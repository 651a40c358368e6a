import type { Texts } from '../pages/languages/en.ts';
import { fill } from '../pages/languages/language.ts';

export interface PasswordRules {
  minLength: number;
  maxLength: number;
  /** How many of the four kinds: lowercase, uppercase, digit, symbol. */
  kinds: number;
}

export type PasswordRulesOptions = 'simple' | 'strong' | PasswordRules;

const NAMED: Record<'simple' | 'strong', PasswordRules> = {
  simple: { minLength: 8, maxLength: 64, kinds: 1 },
  strong: { minLength: 8, maxLength: 64, kinds: 3 },
};

export const definePasswordRules = (options: PasswordRulesOptions): PasswordRules =>
  typeof options === 'string' ? NAMED[options] : options;

const KINDS = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

export function isAllowedPassword(
  password: string,
  { minLength, maxLength, kinds }: PasswordRules,
): boolean {
  const present = KINDS.filter((kind) => kind.test(password)).length;
  return password.length >= minLength && password.length <= maxLength && present >= kinds;
}

export function describePasswordRules(
  { minLength, maxLength, kinds }: PasswordRules,
  texts: Texts,
): string {
  return kinds > 1
    ? fill(texts.password_strong, minLength, maxLength, kinds)
    : fill(texts.password_simple, minLength, maxLength);
}
