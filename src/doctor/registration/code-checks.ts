import type { CodeCategory } from '../../oidc/code-category.ts';
import { categorizeCode } from '../../oidc/provider-codes.ts';
import type { CheckId } from '../catalogue.ts';

const CHECK_OF_CATEGORY: Partial<Record<CodeCategory, CheckId>> = {
  'redirect-uri': 'redirect-uri.registered',
  'client-id': 'client.id',
  'client-type': 'client.type',
  'client-secret': 'client.secret',
  scopes: 'scopes.granted',
};

/** The check that covers what the provider's code is about. */
export function checkOf(code: string | undefined): CheckId | undefined {
  const category = categorizeCode(code);
  return category && CHECK_OF_CATEGORY[category];
}
