/**
 * Says of each key whether it comes for the first time within `lifetimeMs`: of twenty equal callbacks
 * at once, one goes on. Bounded; only keys of genuine attempts get here, so filling it takes as many
 * complete visits to the provider.
 */
export function createSpentAttempts({
  lifetimeMs,
  maxKeys = 100_000,
  now,
}: {
  lifetimeMs: number;
  maxKeys?: number;
  now: () => number;
}): (key: string) => boolean {
  // In the order of expiry, because all keys live equally long.
  const expiryOf = new Map<string, number>();
  return (key) => {
    for (const [oldKey, expiresAt] of expiryOf) {
      if (expiresAt > now() && expiryOf.size < maxKeys) break;
      expiryOf.delete(oldKey);
    }
    if (expiryOf.has(key)) return false;
    expiryOf.set(key, now() + lifetimeMs);
    return true;
  };
}
