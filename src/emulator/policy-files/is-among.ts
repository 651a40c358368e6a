/** Compares without case, as a tenant does. */
export const isAmong = (values: readonly string[], value: string | undefined): boolean =>
  values.some((allowed) => allowed.toLowerCase() === value?.toLowerCase());
