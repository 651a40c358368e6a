import type { ClaimsTransformation, ClaimType, EnumerationItem } from '../claims.ts';
import type { ClaimsBag } from '../claims-bag.ts';
import type { TransformationTrace } from '../trace.ts';

export interface TransformationContext {
  now(): number;
  secret(name: string): string;
  tenantDomain: string;
  findClaimType(id: string): ClaimType | undefined;
  text(elementType: string, elementId: string | undefined, stringId: string): string | undefined;
  options(claimType: ClaimType): readonly Pick<EnumerationItem, 'text' | 'value'>[];
}

export function runTransformation(
  _transformation: ClaimsTransformation,
  _bag: ClaimsBag,
  _context: TransformationContext,
): TransformationTrace {
  throw new Error('not here yet');
}
