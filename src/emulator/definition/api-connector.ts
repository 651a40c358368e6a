/** The places of a user flow at which it can call a REST API. The names in requests are B2C's. */
export const CONNECTOR_STEPS = {
  afterFederation: 'PostFederationSignup',
  beforeCreatingUser: 'PostAttributeCollection',
  beforeToken: 'PreTokenIssuance',
} as const;

export type ConnectorPlace = keyof typeof CONNECTOR_STEPS;

export interface ApiConnector {
  /** On this computer, or an address that `customPolicies.rest` maps to one. */
  url: string;
  /** Basic authentication. */
  username?: string;
  password?: string;
}

export type ApiConnectors = Partial<Record<ConnectorPlace, ApiConnector>>;
