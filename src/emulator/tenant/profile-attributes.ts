import type { Account } from './accounts.ts';

/** A profile field of sign-up and profile pages. */
export interface ProfileAttribute {
  /** The element's id on pages. */
  id: string;
  /** Shown instead of the language's own label. */
  label?: string;
  /** The name in tokens. */
  claim: string;
  required: boolean;
  input: 'text' | 'dropdown' | 'radio' | 'checkbox';
  /** To choose from. */
  values: string[];
}

export type AttributeOptions = string | ({ id: string } & Partial<ProfileAttribute>);

/** Ids that stand for a property of the account; every other one is a claim of that name. */
const PROPERTIES: Record<
  string,
  { property: 'displayName' | 'givenName' | 'surname'; claim: string }
> = {
  displayName: { property: 'displayName', claim: 'name' },
  givenName: { property: 'givenName', claim: 'given_name' },
  surname: { property: 'surname', claim: 'family_name' },
  // Some custom policies spell it so.
  surName: { property: 'surname', claim: 'family_name' },
};

export function defineAttribute(options: AttributeOptions): ProfileAttribute {
  const given = typeof options === 'string' ? { id: options } : options;
  return {
    claim: PROPERTIES[given.id]?.claim ?? given.id,
    required: given.id === 'displayName',
    input: 'text',
    values: [],
    ...given,
  };
}

export function readAttribute(account: Account, { id, claim }: ProfileAttribute): string {
  const property = PROPERTIES[id]?.property;
  const value = property ? account[property] : account.claims[claim];
  return value === undefined ? '' : String(value);
}

/** An emptied field is removed, so its claim disappears from tokens. */
export function writeAttribute(
  account: Account,
  { id, claim }: ProfileAttribute,
  value: string,
): void {
  const property = PROPERTIES[id]?.property;
  if (property) {
    if (value === '') delete account[property];
    else account[property] = value;
  } else if (value === '') {
    delete account.claims[claim];
  } else {
    account.claims[claim] = value;
  }
}
