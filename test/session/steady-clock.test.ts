import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSteadyClock } from '../../dist/session/steady-clock.js';

function setUp() {
  let offset = 0;
  const clock = createSteadyClock(() => Date.now() + offset);
  return {
    clock,
    set(ms: number) {
      offset = ms;
    },
  };
}

const isNear = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1_000, `${actual} instead of ${expected}`);

test('it tells the time of day, in whole milliseconds', () => {
  const { clock } = setUp();
  isNear(clock(), Date.now());
  assert.ok(Number.isInteger(clock()));
});

test('it follows a step forward', () => {
  const { clock, set } = setUp();
  clock();
  set(86_400_000);
  isNear(clock(), Date.now() + 86_400_000);
});

test('it goes on where it was through a step back', async () => {
  const { clock, set } = setUp();
  const before = clock();
  set(-86_400_000);
  isNear(clock(), Date.now());
  assert.ok(clock() >= before);
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.ok(clock() - before >= 20, 'it stands still');
});

test('it never goes back, however the time of day jumps', () => {
  const { clock, set } = setUp();
  let last = clock();
  for (let i = 0; i < 1_000; i += 1) {
    set((Math.random() - 0.5) * 1e9);
    const now = clock();
    assert.ok(now >= last);
    last = now;
  }
});
