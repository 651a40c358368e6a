/**
 * A bounded map whose entries all live equally long. So the oldest stand in front, and sweeping
 * looks only at entries that go.
 */
export interface ExpiringMap<Value> {
  get(key: string): Value | undefined;
  /** Also renews: an entry that is set again starts a new life, at the end of the line. */
  set(key: string, value: Value): void;
  delete(key: string): void;
  size(): number;
  /** What lives, oldest first. */
  entries(): [key: string, value: Value, expiresAt: number][];
  /** With the life it had; oldest first, before anything else is set. */
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
      // The clock can be moved, so an entry behind a longer-lived one may be stale too.
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
