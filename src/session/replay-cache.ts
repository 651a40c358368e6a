/**
 * Says of each key whether it comes for the first time within its lifetime. Bounded: above `maxKeys` the
 * oldest is forgotten.
 */
export function createReplayCache({
  maxKeys = 100_000,
  now,
}: {
  maxKeys?: number;
  now: () => number;
}): (key: string, lifetimeMs: number) => boolean {
  // In the order of expiry, as long as all keys live equally long.
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
