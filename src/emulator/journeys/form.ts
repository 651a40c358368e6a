import type { Label, Message, TextId } from './text-ids.ts';

/** Why a form was rejected. The page shows it in its language. */
export interface FormErrors {
  /** Above the fields. Self-asserted pages show it in one of four elements. */
  page?: { id: PageErrorId; message: Message };
  /** Next to a field, by claim. */
  items: Record<string, Message>;
  /** B2C's error code in JSON responses. */
  code?: string;
}

export type PageErrorId =
  | 'passwordEntryMismatch'
  | 'requiredFieldMissing'
  | 'fieldIncorrect'
  | 'claimVerificationServerError';

export const NO_ERRORS: FormErrors = { items: {} };

export function serverError(id: TextId, code?: string): FormErrors {
  const page = { id: 'claimVerificationServerError', message: { id } } as const;
  return { page, items: {}, ...(code ? { code } : {}) };
}

/** A field of a self-asserted page, in the order of the page. */
export type Field = EmailField | PasswordField | ValueField | NoteField;

export interface EmailField {
  kind: 'email';
  claim: 'email';
  label: Label;
  /** The user cannot change the address: it comes from an invitation or from the account. */
  isFixed: boolean;
  isVerifiable: boolean;
}

export interface PasswordField {
  kind: 'password';
  claim: 'newPassword' | 'reenterPassword' | 'password';
  id: string;
  label: Label;
}

export interface ValueField {
  kind: 'value';
  claim: string;
  label: Label;
  required: boolean;
  input: 'text' | 'dropdown' | 'radio' | 'checkbox';
  values: string[];
  autocomplete?: string;
}

/** A text between the fields: the key for an authenticator app. */
export interface NoteField {
  kind: 'note';
  claim: string;
  className: string;
  text: string;
}

/** A required text field. */
export const textField = (claim: string, label: Label): ValueField => ({
  ...{ kind: 'value', claim, label, required: true, input: 'text', values: [] },
});

/** The value of a field. Several choices are separated by commas, as B2C stores them. */
export function typedValue(form: URLSearchParams, ...names: string[]): string {
  const name = names.find((candidate) => form.has(candidate)) ?? '';
  const values = form.getAll(name).map((value) => value.trim());
  return values.filter((value) => value !== '').join(',');
}
