import type { ClaimValue } from './claims-bag.ts';
import type { Policy } from './policy.ts';
import type { JourneyRequest, JourneyRun, JourneyTenant, SsoClaims } from './run.ts';

/** A run that has not started. `session` is the SSO session of the browser; `prompt=login` ignores it. */
export function createRun(
  policy: Policy,
  {
    tenant,
    request,
    session,
    presented,
  }: {
    tenant: JourneyTenant;
    request: JourneyRequest;
    session: ReadonlyMap<string, ReadonlyMap<string, ClaimValue>>;
    presented?: ReadonlyMap<string, ClaimValue>;
  },
): JourneyRun {
  const ignoresSession = request.parameters.get('prompt') === 'login';
  const sso: SsoClaims = {
    restored: ignoresSession ? new Map() : session,
    stored: new Map(),
    isKept: false,
  };
  return {
    ...{ policy, tenant, request, sso, presented },
    language: chooseLanguage(policy, request.parameters.get('ui_locales') ?? ''),
    bag: new Map(),
    frames: [],
    memory: new Map(),
    trace: [],
    waiting: undefined,
  };
}

/** The first of `ui_locales` that the policy supports, or its default language. */
function chooseLanguage({ localization }: Policy, uiLocales: string): string {
  const supported = localization.supportedLanguages.map(({ value }) => value);
  const fallback = localization.defaultLanguage ?? supported[0] ?? 'en';
  const wanted = uiLocales.toLowerCase().split(/\s+/).filter(Boolean);
  for (const tag of wanted) {
    const found = supported.find((language) => tag === language.toLowerCase());
    const base = supported.find((language) => tag.split('-')[0] === language.toLowerCase());
    if (found ?? base) return found ?? base ?? fallback;
  }
  return supported.length > 0 ? fallback : (wanted[0] ?? fallback);
}
