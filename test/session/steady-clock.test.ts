import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryStore } from '../../dist/session/memory-store.js';
import { createSessions } from '../../dist/session/session.js';
import { createSteadyClock } from '../../dist/session/steady-clock.js';
import { recordLog } from '../support/log.js';

function setUp() {
  const time = { wall: 1_000_000, monotonic: 5 };
  const now = createSteadyClock({ wall: () => time.wall, monotonic: () => time.monotonic });
  const pass = (ms: number) => {
    time.wall += ms;
    time.monotonic += ms;
  };
  return { time, now, pass };
}

test('it follows the wall clock, also after the sleep of a machine', () => {
  const { time, now, pass } = setUp();
  assert.equal(now(), 1_000_000);
  pass(10);
  assert.equal(now(), 1_000_010);
  time.wall += 3_600_000;
  assert.equal(now(), 4_600_010);
});

test('it continues at the usual pace when the wall clock is set back', () => {
  const { time, now, pass } = setUp();
  time.wall -= 600_000;
  assert.equal(now(), 1_000_000);
  pass(1_000);
  assert.equal(now(), 1_001_000);
});

test('it follows a forward step after a backward step', () => {
  const { time, now, pass } = setUp();
  time.wall -= 600_000;
  assert.equal(now(), 1_000_000);
  time.wall += 60_000;
  assert.equal(now(), 1_060_000);
  pass(1_000);
  assert.equal(now(), 1_061_000);
});

test('frequent readings of two clocks with different resolutions add no time', () => {
  const { time, now } = setUp();
  const begun = now();
  for (let i = 1; i <= 10_000; i += 1) {
    time.monotonic += 0.3;
    time.wall = 1_000_000 + Math.floor(i * 0.3);
    now();
  }
  assert.ok(Math.abs(now() - begun - 3_000) <= 1, `${now() - begun}`);
});

test('no step of the wall clock extends a session', async () => {
  const { time, now, pass } = setUp();
  const limits = { idleMs: 60_000, absoluteMs: 60_000, now };
  const store = createMemoryStore<string>({ maxSessions: 10, now });
  const sessions = createSessions<string>({ store, log: recordLog(), ...limits });
  const id = 'key';
  await sessions.start(id, { content: 'Ada', groups: [] });
  pass(30_000);
  time.wall -= 86_400_000;
  assert.ok(await sessions.find(id));
  pass(29_999);
  assert.ok(await sessions.find(id));
  pass(1);
  assert.equal(await sessions.find(id), undefined);
});
