import type { LocalTenant } from '../tenant/local-tenant.ts';

/** Requests since the start of the present window. */
export interface RequestCount {
  windowStart: number;
  requests: number;
}

/** Counts a request, and says whether it is one too many. */
export function isThrottled(tenant: LocalTenant): boolean {
  const { throttle } = tenant.definition.behaviour;
  if (!throttle) return false;
  const { requestCount } = tenant;
  const now = tenant.now();
  if (now >= requestCount.windowStart + throttle.seconds * 1000 || now < requestCount.windowStart) {
    requestCount.windowStart = now;
    requestCount.requests = 0;
  }
  requestCount.requests += 1;
  return requestCount.requests > throttle.requests;
}
