/**
 * A remote document that is loaded when first needed and then kept. All who wait share one load; a
 * copy past its age is renewed behind the answer; when a load fails, the last good copy stays.
 */
export interface CachedDocument<T> {
  /** @throws what `load` threw, while there is no copy at all */
  get(): Promise<T>;
  /** A copy that is newer than what the caller saw; the last one when the provider must be spared. */
  renew(): Promise<T>;
  /** The copy at hand, however old. */
  peek(): T | undefined;
}

export interface CachedDocumentOptions<T> {
  load: () => Promise<T>;
  /** Older copies are renewed. */
  maxAgeMs: number;
  /** The pause after a failed load while there is no copy; with one there is no hurry. */
  retryMs: number;
  /** The shortest time between two calls of `renew` that load. */
  renewalMs: number;
  now: () => number;
}

const RETRY_WITH_COPY_MS = 60_000;

export function createCachedDocument<T>(options: CachedDocumentOptions<T>): CachedDocument<T> {
  const { load, maxAgeMs, retryMs, renewalMs, now } = options;
  let copy: { value: T; loadedAt: number } | undefined;
  let failure: { error: unknown; at: number } | undefined;
  let running: Promise<T> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;

  const loadNow = async () => {
    try {
      const value = await load();
      copy = { value, loadedAt: now() };
      failure = undefined;
      return value;
    } catch (error) {
      failure = { error, at: now() };
      throw error;
    } finally {
      running = undefined;
    }
  };
  const loadOnce = () => {
    running ??= loadNow();
    return running;
  };
  const mayRetry = () =>
    !failure || now() - failure.at >= (copy ? Math.max(RETRY_WITH_COPY_MS, retryMs) : retryMs);
  const lastCopy = (error: unknown) => {
    if (!copy) throw error;
    return copy.value;
  };

  return {
    async get() {
      if (!copy) {
        if (failure && !mayRetry()) throw failure.error;
        return loadOnce();
      }
      if (now() - copy.loadedAt >= maxAgeMs && mayRetry()) loadOnce().catch(() => {});
      return copy.value;
    },
    async renew() {
      if (!running && copy && now() - renewedAt < renewalMs) return copy.value;
      renewedAt = now();
      return loadOnce().catch(lastCopy);
    },
    peek: () => copy?.value,
  };
}
