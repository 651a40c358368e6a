/** What a page says about a form that was not accepted. */
export interface FormErrors {
  /** Above the fields; on self-asserted pages under one of the four ids. */
  page?: { id: PageErrorId; text: string };
  /** Beside a field, by its claim. */
  items: Record<string, string>;
  /** B2C's number for it, in JSON answers. */
  code?: string;
}

export type PageErrorId =
  | 'passwordEntryMismatch'
  | 'requiredFieldMissing'
  | 'fieldIncorrect'
  | 'claimVerificationServerError';

export const NO_ERRORS: FormErrors = { items: {} };

export function serverRefusal(text: string, code?: string): FormErrors {
  const page = { id: 'claimVerificationServerError', text } as const;
  return { page, items: {}, ...(code ? { code } : {}) };
}

/** A field of a self-asserted page, in the order of the page. */
export type Field = EmailField | PasswordField | ValueField | NoteField;

export interface EmailField {
  kind: 'email';
  claim: 'email';
  label: string;
  /** The address is given: by an invitation, or by the account. */
  isFixed: boolean;
  isVerifiable: boolean;
}

export interface PasswordField {
  kind: 'password';
  claim: 'newPassword' | 'reenterPassword' | 'password';
  id: string;
  label: string;
}

export interface ValueField {
  kind: 'value';
  claim: string;
  label: string;
  required: boolean;
  input: 'text' | 'dropdown' | 'radio' | 'checkbox';
  values: string[];
  autocomplete?: string;
}

/** Something to read in between: the key for an authenticator app. */
export interface NoteField {
  kind: 'note';
  claim: string;
  className: string;
  text: string;
}

/** What was typed or chosen; several choices with commas, as B2C stores them. */
export function typedValue(form: URLSearchParams, ...names: string[]): string {
  const name = names.find((candidate) => form.has(candidate)) ?? '';
  const values = form.getAll(name).map((value) => value.trim());
  return values.filter((value) => value !== '').join(',');
}
