/** What a page says about a form that was not accepted. */
export interface FormErrors {
  /** Above the fields; on self-asserted pages under one of the four ids. */
  page?: { id: PageErrorId; text: string };
  /** Beside a field, by its claim. */
  items: Record<string, string>;
}

export type PageErrorId =
  | 'passwordEntryMismatch'
  | 'requiredFieldMissing'
  | 'fieldIncorrect'
  | 'claimVerificationServerError';

export const NO_ERRORS: FormErrors = { items: {} };

export function serverRefusal(text: string): FormErrors {
  return { page: { id: 'claimVerificationServerError', text }, items: {} };
}

/** A field of a self-asserted page, in the order of the page. */
export type Field =
  | { kind: 'email' }
  | { kind: 'password'; claim: 'newPassword' | 'reenterPassword'; label: string }
  | { kind: 'text'; claim: string; label: string; required: boolean };
