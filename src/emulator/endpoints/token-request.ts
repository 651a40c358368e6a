import type { Application } from '../definition/application.ts';
import type { Policy } from '../definition/policy.ts';

/** A request to the token endpoint. */
export interface TokenRequest {
  parameters: URLSearchParams;
  authorization: string | undefined;
  policy: Policy;
  /** No policy is in the URL: the endpoint of Microsoft Entra. */
  isEntra?: boolean;
  origin: string;
  /** For journeys of custom policies. */
  ipAddress?: string | undefined;
}

/** A token request whose client is authenticated. */
export type GrantRequest = TokenRequest & { grantType: string; client: Application };
