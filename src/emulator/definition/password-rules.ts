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
