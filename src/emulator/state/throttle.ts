import type { Behavior } from '../definition/behavior.ts';

/** Number of requests in the current window. */
export interface RequestCount {
  windowStart: number;
  requests: number;
}

export const createRequestCount = (): RequestCount => ({ windowStart: 0, requests: 0 });

/** Counts a request. True if it exceeds the rate limit. */
export function isThrottled(
  count: RequestCount,
  throttle: Behavior['throttle'],
  now: number,
): boolean {
  if (!throttle) return false;
  if (now >= count.windowStart + throttle.seconds * 1000 || now < count.windowStart) {
    count.windowStart = now;
    count.requests = 0;
  }
  count.requests += 1;
  return count.requests > throttle.requests;
}
