/** A clock that stands still until it is told to move. */
export interface Clock {
  now: () => number;
  forwardSeconds(seconds: number): void;
}

export function createClock(start = Date.parse('2026-01-01T00:00:00Z')): Clock {
  let time = start;
  return {
    now: () => time,
    forwardSeconds(seconds) {
      time += seconds * 1000;
    },
  };
}
