export interface PasswordRules {
  minLength: number;
  maxLength: number;
  /** How many character classes are required: lowercase, uppercase, digit, symbol. */
  characterClasses: number;
}

export type PasswordRulesOptions = 'simple' | 'strong' | PasswordRules;

const NAMED: Record<'simple' | 'strong', PasswordRules> = {
  simple: { minLength: 8, maxLength: 64, characterClasses: 1 },
  strong: { minLength: 8, maxLength: 64, characterClasses: 3 },
};

export const definePasswordRules = (options: PasswordRulesOptions): PasswordRules =>
  typeof options === 'string' ? NAMED[options] : options;

const CHARACTER_CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

export function isAllowedPassword(
  password: string,
  { minLength, maxLength, characterClasses }: PasswordRules,
): boolean {
  const present = CHARACTER_CLASSES.filter((pattern) => pattern.test(password)).length;
  return (
    password.length >= minLength && password.length <= maxLength && present >= characterClasses
  );
}
