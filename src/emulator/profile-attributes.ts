import type { Account } from './accounts.ts';

/** A profile field: its id on pages, its label, and the name of its claim in tokens. */
export interface ProfileAttribute {
  id: string;
  label: string;
  claim: string;
  required: boolean;
}

const BUILT_IN: ProfileAttribute[] = [
  { id: 'displayName', label: 'Display Name', claim: 'name', required: true },
  { id: 'givenName', label: 'Given Name', claim: 'given_name', required: false },
  { id: 'surname', label: 'Surname', claim: 'family_name', required: false },
  { id: 'city', label: 'City', claim: 'city', required: false },
  { id: 'country', label: 'Country/Region', claim: 'country', required: false },
  { id: 'state', label: 'State/Province', claim: 'state', required: false },
  { id: 'postalCode', label: 'Postal Code', claim: 'postalCode', required: false },
  { id: 'streetAddress', label: 'Street Address', claim: 'streetAddress', required: false },
  { id: 'jobTitle', label: 'Job Title', claim: 'jobTitle', required: false },
];

/** The attribute of that id; unknown ones are custom attributes, whose claim has the same name. */
export function profileAttribute(id: string): ProfileAttribute {
  const builtIn = BUILT_IN.find((attribute) => attribute.id === id);
  return builtIn ?? { id, label: id.replace(/^extension_/, ''), claim: id, required: false };
}

export function readAttribute(account: Account, id: string): string {
  if (id === 'displayName' || id === 'givenName' || id === 'surname') return account[id] ?? '';
  const value = account.claims[id];
  return value === undefined ? '' : String(value);
}

/** An emptied field is removed, so its claim disappears from tokens. */
export function writeAttribute(account: Account, id: string, value: string): void {
  const target: Record<string, unknown> =
    id === 'displayName' || id === 'givenName' || id === 'surname'
      ? (account as unknown as Record<string, unknown>)
      : account.claims;
  if (value === '') delete target[id];
  else target[id] = value;
}
