/** A simulated social or enterprise provider: a page of its own where anybody can be anybody. */
export interface IdentityProvider {
  /** Of its button and of its claims exchange: `GoogleExchange`. */
  id: string;
  /** On the button. */
  name: string;
  /** The value of the `idp` claim. */
  issuer: string;
  /** What `domain_hint` has to say to go straight there. */
  domainHint: string;
}

export type IdentityProviderOptions = Pick<IdentityProvider, 'id'> & Partial<IdentityProvider>;

export function defineIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const name = options.name ?? options.id.replace(/Exchange$/, '');
  const issuer = options.issuer ?? `${name.toLowerCase()}.com`;
  return { name, issuer, domainHint: options.domainHint ?? issuer, id: options.id };
}
