/**
 * Returns a function that returns true the first time that it is called with a key, and false until the
 * lifetime of the key has passed. Above `maxKeys`, it forgets the oldest key.
 */
export function createReplayCache({
  maxKeys = 100_000,
  now,
}: {
  maxKeys?: number;
  now: () => number;
}): (key: string, lifetimeMs: number) => boolean {
  // In the order of insertion, which is nearly that of expiry: an expired key may stay a little longer.
  const expiryOf = new Map<string, number>();
  return (key, lifetimeMs) => {
    for (const [oldKey, expiresAt] of expiryOf) {
      if (expiresAt > now() && expiryOf.size < maxKeys) break;
      expiryOf.delete(oldKey);
    }
    if ((expiryOf.get(key) ?? 0) > now()) return false;
    // Deleted first, so that the key is the newest one.
    expiryOf.delete(key);
    expiryOf.set(key, now() + lifetimeMs);
    return true;
  };
}
