/**
 * A bounded map whose entries all have the same lifetime. The oldest entries come first, so sweeping
 * reads only the entries that it removes.
 */
export interface ExpiringMap<Value> {
  get(key: string): Value | undefined;
  /** Restarts the lifetime if the key exists. */
  set(key: string, value: Value): void;
  delete(key: string): void;
  size(): number;
  /** The live entries, oldest first. */
  entries(): [key: string, value: Value, expiresAt: number][];
  /** Adds an entry with its earlier expiry. Call it oldest first, before any `set`. */
  restore(key: string, value: Value, expiresAt: number): void;
}

export function createExpiringMap<Value>({
  lifetimeMs,
  maxEntries,
  now,
}: {
  lifetimeMs: number;
  maxEntries: number;
  now: () => number;
}): ExpiringMap<Value> {
  const entries = new Map<string, { value: Value; expiresAt: number }>();
  const sweep = () => {
    const time = now();
    for (const [key, entry] of entries) {
      if (entry.expiresAt > time && entries.size <= maxEntries) return;
      entries.delete(key);
    }
  };
  const liveEntries = () => {
    sweep();
    return entries;
  };
  return {
    get(key) {
      sweep();
      const entry = entries.get(key);
      // The clock can be moved, so an entry behind a longer-lived one can be expired too.
      return entry && entry.expiresAt > now() ? entry.value : undefined;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, expiresAt: now() + lifetimeMs });
      sweep();
    },
    delete: (key) => void entries.delete(key),
    entries: () => [...liveEntries()].map(([key, { value, expiresAt }]) => [key, value, expiresAt]),
    restore: (key, value, expiresAt) => void entries.set(key, { value, expiresAt }),
    size: () => liveEntries().size,
  };
}
