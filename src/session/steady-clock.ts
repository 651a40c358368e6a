// Above what a pause between the readings of two clocks can look like.
const STEP_MS = 500;

/**
 * The time in epoch milliseconds for what must end in time: it follows each step of the wall clock
 * forward, over the sleep of a machine too, and none back, where it goes on at the pace of a clock
 * that nobody sets. Without that, a wall clock set back by a day would let every session live a day
 * longer.
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
