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
  // In the order of expiry: all keys have the same lifetime.
  const expiryOf = new Map<string, number>();
  return (key, lifetimeMs) => {
    for (const [oldKey, expiresAt] of expiryOf) {
      if (expiresAt > now() && expiryOf.size < maxKeys) break;
      expiryOf.delete(oldKey);
    }
    if (expiryOf.has(key)) return false;
    expiryOf.set(key, now() + lifetimeMs);
    return true;
  };
}
