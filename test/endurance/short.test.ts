import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipWithoutNginx } from '../support/nginx.js';
import { skipWithoutRedis } from '../support/redis.js';
import { run } from './run.js';

const skip = skipWithoutRedis() || skipWithoutNginx();

// The long form, with 200 people for a minute, is "npm run endurance".
test('twenty people at work notice nothing but a short 503 while processes and the store die and come back', {
  skip,
}, async (t) => {
  const { breaches, seen, ...figures } = await run(t, {
    visitors: 20,
    seconds: 9,
    kills: 3,
    killEverySeconds: 2.5,
    storeAtSeconds: 6,
    tokenSeconds: 6,
    thinkMs: 1_000,
  });
  t.diagnostic(JSON.stringify({ ...figures, ...seen, answers: [...seen.answers] }));
  assert.deepEqual(breaches, [], seen.wrong.slice(0, 5).join('\n'));
});
