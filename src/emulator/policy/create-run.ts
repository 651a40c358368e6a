import type { ClaimsBag, ClaimValue } from './claims-bag.ts';
import type { Policy } from './policy.ts';
import type { JourneyRequest, JourneyRun, JourneyTenant, SsoClaims } from './run.ts';

/** A run that has not started. `session` is the SSO session of the browser; `prompt=login` ignores it. */
export function createRun(
  policy: Policy,
  {
    tenant,
    request,
    session,
    claims = new Map(),
    language = 'en',
    presented,
  }: {
    tenant: JourneyTenant;
    request: JourneyRequest;
    session: ReadonlyMap<string, ReadonlyMap<string, ClaimValue>>;
    /** Claims that are known before the first step. */
    claims?: ClaimsBag;
    /** Language of the pages if the policy lists no languages. */
    language?: string;
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
    language: chooseLanguage(policy, request.parameters.get('ui_locales') ?? '') ?? language,
    bag: new Map(claims),
    frames: [],
    memory: new Map(),
    trace: [],
    waiting: undefined,
  };
}

/** The first of `ui_locales` that the policy supports, or its default language. */
function chooseLanguage({ localization }: Policy, uiLocales: string): string | undefined {
  const supported = localization.supportedLanguages.map(({ value }) => value);
  const fallback = localization.defaultLanguage ?? supported[0];
  const wanted = uiLocales.toLowerCase().split(/\s+/).filter(Boolean);
  for (const tag of wanted) {
    const found = supported.find((language) => tag === language.toLowerCase());
    const base = supported.find((language) => tag.split('-')[0] === language.toLowerCase());
    if (found ?? base) return found ?? base ?? fallback;
  }
  return fallback;
}
