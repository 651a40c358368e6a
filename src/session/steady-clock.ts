/**
 * The time in epoch milliseconds for what must end in time: it follows the wall clock forward, over
 * the sleep of a machine too, and never back, where it goes on at the pace of a clock that nobody
 * sets. Without that, a wall clock set back by a day would let every session live a day longer.
 */
export function createSteadyClock({
  wall = Date.now,
  monotonic = () => performance.now(),
}: {
  wall?: () => number;
  monotonic?: () => number;
} = {}): () => number {
  let lead = wall() - monotonic();
  return () => {
    const elapsed = monotonic();
    lead = Math.max(lead, wall() - elapsed);
    return Math.floor(lead + elapsed);
  };
}
