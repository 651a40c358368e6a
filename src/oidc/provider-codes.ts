import type { TenantKindName } from '../config/tenant-kinds.ts';
import { AZURE_AD_B2C } from './azure-ad-b2c-codes.ts';
import { OLDER_AZURE_AD_B2C } from './azure-ad-b2c-older-codes.ts';
import { CATEGORIES, type CodeCategory, type CodeRow, type ErrorAction } from './code-category.ts';
import { MICROSOFT_ENTRA } from './microsoft-entra-codes.ts';
import { portalPath } from './portal.ts';

/** Cause and fix of a provider's error code, for developers and operators. */
export interface CodeExplanation {
  cause: string;
  fix: string;
  portal?: string | undefined;
}

/** All codes of Azure AD B2C, in the order of their numbers. */
export const AZURE_AD_B2C_CODES: readonly [code: string, row: CodeRow][] = Object.entries<CodeRow>({
  ...AZURE_AD_B2C,
  ...OLDER_AZURE_AD_B2C,
}).sort(([a], [b]) => (a < b ? -1 : 1));

// A map, because a provider may send `constructor` as well.
const ROWS = new Map([...AZURE_AD_B2C_CODES, ...Object.entries<CodeRow>(MICROSOFT_ENTRA)]);

export const EXPLAINED_CODES: readonly string[] = [...ROWS.keys()];

/** Returns the category of a code; `undefined` for an unknown code. */
export const categorizeCode = (code: string | undefined): CodeCategory | undefined =>
  ROWS.get(code ?? '')?.[0];

/** Returns cause and fix of a code; `undefined` for an unknown code. */
export function explainCode(code: string | undefined): CodeExplanation | undefined {
  const row = ROWS.get(code ?? '');
  if (!row) return undefined;
  const [category, cause, fix, portal = CATEGORIES[category].portal] = row;
  const kind: TenantKindName = code?.startsWith('AADSTS') ? 'external-id' : 'b2c';
  return { cause, fix, portal: portal && portalPath(kind, portal) };
}

/** The action after an error of Azure AD B2C, by its code; `docs/errors.md` has the table. */
export const AZURE_AD_B2C_ACTIONS: Readonly<Record<string, ErrorAction>> = Object.fromEntries(
  AZURE_AD_B2C_CODES.flatMap(([code, [category]]) => {
    const { action } = CATEGORIES[category];
    return action ? [[code, action]] : [];
  }),
);
