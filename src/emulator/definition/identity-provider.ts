/** A simulated social or enterprise identity provider: its page signs in any user. */
export interface IdentityProvider {
  /** ID of the button and of the claims exchange: `GoogleExchange`. */
  id: string;
  /** Label of the button. */
  name: string;
  /** Value of the `idp` claim. */
  issuer: string;
  /** Value of `domain_hint` that skips the sign-in page and opens this provider. */
  domainHint: string;
}

export type IdentityProviderOptions = Pick<IdentityProvider, 'id'> & Partial<IdentityProvider>;

export function defineIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const name = options.name ?? options.id.replace(/Exchange$/, '');
  const issuer = options.issuer ?? `${name.toLowerCase()}.com`;
  return { name, issuer, domainHint: options.domainHint ?? issuer, id: options.id };
}
