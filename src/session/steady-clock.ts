/**
 * The time of day as a clock that is never set back: where `now` is (by an administrator or NTP), it
 * goes on at the pace of the machine, so that nothing which ends by it lives longer. It follows every
 * step forward, such as the one after a suspended machine wakes up.
 */
export function createSteadyClock(now: () => number): () => number {
  let ahead = Number.NEGATIVE_INFINITY;
  return () => {
    const elapsed = performance.now();
    ahead = Math.max(ahead, now() - elapsed);
    return Math.floor(elapsed + ahead);
  };
}
