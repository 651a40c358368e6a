/** "Run user flow": the application of the dashboard, and the runs that it has started. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type Application, defineApplication } from '../definition/application.ts';
import { createExpiringMap, type ExpiringMap } from '../state/expiring-map.ts';
import type { JsonResponse } from './response.ts';

/** A policy that was started from the dashboard. */
export interface PolicyRun {
  /** Also the `state` of the authorization request. */
  readonly id: string;
  readonly policyName: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Issuer and endpoints begin with it. */
  readonly origin: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** The choices of the user, to run the policy again. */
  readonly fields: Readonly<Record<string, string>>;
  /** The code is redeemed once. */
  result?: Promise<PolicyRunResult>;
}

export type PolicyRunResult =
  | { readonly kind: 'tokens'; readonly response: JsonResponse; readonly at: number }
  | { readonly kind: 'error'; readonly parameters: Readonly<Record<string, string>> };

/** By `state`. */
export type PolicyRuns = ExpiringMap<PolicyRun>;

const LIFETIME_MS = 60 * 60_000;

export const createPolicyRuns = (now: () => number): PolicyRuns =>
  createExpiringMap({ lifetimeMs: LIFETIME_MS, maxEntries: 100, now });

/** Its ID and secret are random, so that only this process can redeem its codes. */
export const createOwnApplication = (): Application =>
  defineApplication({
    id: randomUUID(),
    name: 'Dashboard of the emulator',
    secrets: [randomBytes(32).toString('base64url')],
    redirectUris: [],
  });

// Names of this computer with which users open the dashboard.
const MAX_REDIRECT_URIS = 10;

/** Accepts a further result page: that of a host name with which the dashboard was opened. */
export function registerResultPage({ redirectUris }: Application, uri: string): void {
  if (redirectUris.includes(uri)) return;
  redirectUris.push(uri);
  if (redirectUris.length > MAX_REDIRECT_URIS) redirectUris.shift();
}
