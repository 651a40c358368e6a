import type { PredicateValidation } from './claims.ts';

export const failedPredicates = (
  _validation: PredicateValidation,
  _text: string,
  _run: unknown,
): { predicate: string; text: string | undefined }[] => [];
