/**
 * A remote document that is loaded when it is first needed, and then cached. Concurrent callers share one
 * load. A copy past its maximum age is reloaded in the background. If that fails, the last good copy stays.
 */
export interface CachedDocument<T> {
  /** @throws the error of `load` if there is no copy yet */
  get(): Promise<T>;
  /** Loads a new copy. Returns the last one if that fails, or if `renewalMs` have not passed yet. */
  renew(): Promise<T>;
  /** Returns the current copy, of any age. */
  peek(): T | undefined;
}

export interface CachedDocumentOptions<T> {
  load: () => Promise<T>;
  /** Older copies are reloaded. */
  maxAgeMs: number;
  /** The pause after a failed load while there is no copy. */
  retryMs: number;
  /** The minimum time between two loads by `renew`. */
  renewalMs: number;
  now: () => number;
}

// With a copy, a retry is not urgent.
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
