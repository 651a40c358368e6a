// More than the time that can pass between the reading of two clocks.
const STEP_MS = 500;

/**
 * Returns a clock in epoch milliseconds that never goes back. It follows forward steps of the wall clock,
 * also those after the sleep of a machine, and ignores backward steps. Without it, setting the wall clock
 * back by one day would make every session last one day longer.
 */
export function createSteadyClock({
  wall = Date.now,
  monotonic = () => performance.now(),
}: {
  wall?: () => number;
  monotonic?: () => number;
} = {}): () => number {
  let difference = wall() - monotonic();
  let lead = difference;
  return () => {
    const elapsed = monotonic();
    const step = wall() - elapsed - difference;
    if (Math.abs(step) > STEP_MS) {
      difference += step;
      lead += Math.max(step, 0);
    }
    return Math.floor(lead + elapsed);
  };
}
