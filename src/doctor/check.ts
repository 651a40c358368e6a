import { sanitizeForTerminal } from '../log/log.ts';
import { CHECKS, type CheckId } from './catalogue.ts';

export type Outcome = 'ok' | 'warn' | 'mend' | 'skipped';

/** What one look at the configuration or its surroundings has shown. Never holds a secret. */
export interface Check {
  id: CheckId;
  title: string;
  /** Which setting, policy or tenant, where there are several. */
  about?: string | undefined;
  outcome: Outcome;
  detail: string;
  /** What to do, of `warn` and `mend`. */
  mend?: string | undefined;
  /** Where in the portal. */
  place?: string | undefined;
}

interface Remedy {
  mend: string;
  place?: string | undefined;
}

/** The outcomes of checks about one thing. */
export function checksAbout(about?: string) {
  // Here and not in the reports: what reads the JSON may print what it finds.
  const check = (id: CheckId, outcome: Outcome, detail: string, remedy?: Remedy): Check => ({
    id,
    title: CHECKS[id],
    about: about && sanitizeForTerminal(about),
    outcome,
    detail: sanitizeForTerminal(detail),
    ...(remedy && { ...remedy, mend: sanitizeForTerminal(remedy.mend) }),
  });
  return {
    ok: (id: CheckId, detail: string) => check(id, 'ok', detail),
    skipped: (id: CheckId, detail: string) => check(id, 'skipped', detail),
    warn: (id: CheckId, detail: string, remedy: Remedy) => check(id, 'warn', detail, remedy),
    mend: (id: CheckId, detail: string, remedy: Remedy) => check(id, 'mend', detail, remedy),
  };
}

export type Say = ReturnType<typeof checksAbout>;
