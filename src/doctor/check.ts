import { sanitizeForTerminal } from '../log/log.ts';
import { CHECKS, type CheckId } from './catalogue.ts';

export type Status = 'ok' | 'warn' | 'fail' | 'skipped';

/** The result of one check. Never contains a secret. */
export interface Check {
  id: CheckId;
  title: string;
  /** The setting, policy or tenant, where there are several. */
  target?: string | undefined;
  status: Status;
  /** The fact that was found. */
  detail: string;
  /** Advice, for `warn` and `fail`. */
  fix?: string | undefined;
  /** Where in the portal. */
  portal?: string | undefined;
}

interface Fix {
  fix: string;
  portal?: string | undefined;
}

/** Creates functions that report checks of one target. */
export function createReporter(target?: string) {
  // Here and not where checks are printed: programs that read the JSON may print texts, too.
  const check = (id: CheckId, status: Status, detail: string, fix?: Fix): Check => ({
    id,
    title: CHECKS[id],
    target: target && sanitizeForTerminal(target),
    status,
    detail: sanitizeForTerminal(detail),
    ...(fix && { ...fix, fix: sanitizeForTerminal(fix.fix) }),
  });
  return {
    ok: (id: CheckId, detail: string) => check(id, 'ok', detail),
    skipped: (id: CheckId, detail: string) => check(id, 'skipped', detail),
    warn: (id: CheckId, detail: string, fix: Fix) => check(id, 'warn', detail, fix),
    fail: (id: CheckId, detail: string, fix: Fix) => check(id, 'fail', detail, fix),
  };
}

export type Reporter = ReturnType<typeof createReporter>;
