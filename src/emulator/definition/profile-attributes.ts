/** A profile field of sign-up and profile pages. */
export interface ProfileAttribute {
  /** ID of the page element. */
  id: string;
  /** Replaces the label of the page language. */
  label?: string;
  /** Text behind "What is this?". */
  help?: string;
  /** Regular expression for the value. */
  pattern?: string;
  /** Claim name in tokens. */
  claim: string;
  required: boolean;
  input: 'text' | 'dropdown' | 'radio' | 'checkbox';
  /** Choices of the input. */
  values: string[];
}

export type AttributeOptions = string | ({ id: string } & Partial<ProfileAttribute>);

/** IDs that are a property of the account. Every other ID is a claim with that name. */
const PROPERTIES = {
  displayName: { property: 'displayName', claim: 'name' },
  givenName: { property: 'givenName', claim: 'given_name' },
  surname: { property: 'surname', claim: 'family_name' },
  // The spelling of some custom policies.
  surName: { property: 'surname', claim: 'family_name' },
} as const;

type AccountProperty = (typeof PROPERTIES)[keyof typeof PROPERTIES];

const findProperty = (id: string): AccountProperty | undefined =>
  Object.hasOwn(PROPERTIES, id) ? PROPERTIES[id as keyof typeof PROPERTIES] : undefined;

/** The account property behind an attribute ID; `undefined` for a claim. */
export const accountProperty = (id: string): AccountProperty['property'] | undefined =>
  findProperty(id)?.property;

export function defineAttribute(options: AttributeOptions): ProfileAttribute {
  const attribute = typeof options === 'string' ? { id: options } : options;
  return {
    claim: findProperty(attribute.id)?.claim ?? attribute.id,
    required: attribute.id === 'displayName',
    input: 'text',
    values: [],
    ...attribute,
  };
}
