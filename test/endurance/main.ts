// What 200 people see within a minute in which one process after the other is killed, and the store once.
import process from 'node:process';
import { run } from './run.js';

const options = {
  visitors: 200,
  seconds: 60,
  kills: 7,
  killEverySeconds: 8,
  storeAtSeconds: 30,
  tokenSeconds: 20,
  thinkMs: 4_000,
};
const ends: (() => Promise<void> | void)[] = [];
const scope = { after: (end: () => Promise<void> | void) => ends.push(end) };
const endAll = async () => {
  for (const end of ends.splice(0).reverse()) await end();
};
process.on('SIGINT', () => void endAll().then(() => process.exit(130)));

const print = (what: string, figure: string | number) =>
  console.log(`${what.padEnd(52)} ${figure}`);

try {
  const { seen, breaches, ...figures } = await run(scope, options);
  print('people, seconds', `${options.visitors}, ${options.seconds}`);
  print('processes killed and started again', options.kills);
  print('the store killed and started again', 1);
  print('  it was away for', `${figures.storeAwayMs.toFixed(0)} ms`);
  print('requests', seen.requests);
  for (const [what, count] of [...seen.answers].sort()) print(`  ${what}`, count);
  print('longest time of one visitor with nothing but 503', `${seen.longest503Ms.toFixed(0)} ms`);
  print('slowest answer', `${seen.slowestMs.toFixed(0)} ms`);
  print('refreshes at the tenant', figures.refreshes);
  print('  under way when a process was killed', figures.cutOff);
  print('refresh tokens used twice, families revoked', figures.revokedFamilies);
  print('people who had to sign in again for an access token', seen.signInsAgain);
  print('sessions lost', figures.lostSessions);
  for (const wrong of seen.wrong.slice(0, 20)) console.error(`Wrong: ${wrong}`);
  for (const breach of breaches) console.error(`Breach: ${breach}`);
  process.exitCode = breaches.length > 0 ? 1 : 0;
} finally {
  await endAll();
}
// Connections of the browsers are kept open for a while.
process.exit();
