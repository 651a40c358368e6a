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

/** The check for the category of an error code. */
export function checkOf(code: string | undefined): CheckId | undefined {
  const category = categorizeCode(code);
  return category && CHECK_OF_CATEGORY[category];
}
