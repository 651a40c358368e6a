import { after, before, type TestContext } from 'node:test';

/** Registers what to do when a test, a suite or a file ends. */
export type Scope = Pick<TestContext, 'after'>;

/**
 * Starts something before the first test of the `describe`, or of the file, that calls this, and ends it
 * after the last test. The result gives what was started.
 */
export function shared<T>(start: (scope: Scope) => Promise<T>): () => T {
  const cleanups: (() => unknown)[] = [];
  let started: { value: T } | undefined;
  before(async () => {
    started = { value: await start({ after: (cleanup) => void cleanups.push(cleanup as never) }) };
  });
  after(async () => {
    const failures: unknown[] = [];
    for (const cleanup of cleanups) {
      try {
        await cleanup();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'shared things did not end');
  });
  return () => {
    if (!started) throw new Error('shared things exist only while tests run');
    return started.value;
  };
}
