import type { User } from './claims.ts';
import { CLOCK_TOLERANCE_SECONDS } from './discovery.ts';
import type { PolicyRef } from './policy.ts';

/** Conditions for a session, met by authenticating again or by running a policy. */
export interface StepConditions {
  /** The longest time since the user authenticated, to within a minute. */
  maxAgeSeconds?: number | undefined;
  /** The key of a policy of the user's tenant that must have run. */
  policy?: string | undefined;
}

/** A policy to run first. With `maxAgeSeconds`, the user has to authenticate again. */
export interface MissingStep extends PolicyRef {
  maxAgeSeconds?: number | undefined;
}

/** A session, as far as the conditions depend on it. */
export interface SteppedSession {
  tenant: string;
  policiesRun: readonly string[];
}

/** Finds the first step that a session lacks. A user without `auth_time` has to authenticate again. */
export function findMissingStep(
  { tenant, policiesRun, user }: SteppedSession & { user: User },
  { maxAgeSeconds, policy }: StepConditions,
  now: number,
): MissingStep | undefined {
  if (maxAgeSeconds !== undefined) {
    const { auth_time: authTime } = user.claims;
    const oldest = now / 1000 - maxAgeSeconds - CLOCK_TOLERANCE_SECONDS;
    const isFresh = typeof authTime === 'number' && authTime >= oldest;
    if (!isFresh) return { tenant, policy: 'signIn', maxAgeSeconds };
  }
  if (policy !== undefined && !policiesRun.includes(policy)) return { tenant, policy };
  return undefined;
}

/** The query parameters of the route that runs the step. */
export const stepParameters = ({ maxAgeSeconds }: MissingStep): Record<string, string> =>
  maxAgeSeconds === undefined ? {} : { prompt: 'login', max_age: String(maxAgeSeconds) };
