import { randomBytes } from 'node:crypto';
import * as openid from 'openid-client';
import { buildAuthorizationRequest } from '../oidc/authorization-request.ts';
import type { Provider } from '../oidc/discovery.ts';
import { type CodeExplanation, explainCode } from '../oidc/provider-codes.ts';
import { asSignInError, parseDescription } from '../oidc/provider-error.ts';
import type { CheckId } from './catalogue.ts';
import type { Check } from './check.ts';
import { type Answer, isFailure } from './probe.ts';
import type { TenantCase } from './tenant-case.ts';
import type { ReturnAddresses } from './tenant-checks.ts';
import { uriDifference } from './uri-difference.ts';

interface Given {
  provider: Provider;
  /** Unknown where the settings that they come from have faults. */
  addresses: ReturnAddresses | undefined;
  hasSecret: boolean;
}

/** Which check a code of the provider belongs to; what is not here is told as it is. */
const CHECK_OF_CODE: Record<string, CheckId> = {
  AADB2C90006: 'redirect-uri.registered',
  AADB2C90007: 'redirect-uri.registered',
  AADB2C90287: 'redirect-uri.registered',
  AADSTS50011: 'redirect-uri.registered',
  AADB2C90018: 'client.id',
  AADB2C90068: 'client.id',
  AADB2C90092: 'client.id',
  AADSTS700016: 'client.id',
  AADSTS7000112: 'client.id',
  AADB2C90057: 'client.type',
  AADB2C90084: 'client.type',
  AADB2C99059: 'client.type',
  AADSTS700054: 'client.type',
  AADB2C90079: 'client.secret',
  AADB2C90081: 'client.secret',
  AADSTS7000215: 'client.secret',
  AADSTS7000218: 'client.secret',
  AADSTS7000222: 'client.secret',
  AADB2C90010: 'scopes.granted',
  AADB2C90055: 'scopes.granted',
  AADB2C90117: 'scopes.granted',
  AADB2C90146: 'scopes.granted',
  AADB2C90205: 'scopes.granted',
  AADB2C99005: 'scopes.granted',
  AADSTS28000: 'scopes.granted',
  AADSTS65001: 'scopes.granted',
  AADSTS70011: 'scopes.granted',
};

// Nobody is signed in there for the doctor, and that is all that is left to say.
const NOBODY_SIGNED_IN = new Set(['AADB2C90077', 'AADSTS50058']);
const NEEDS_SOMEBODY =
  /^(login|interaction|consent|account_selection)_required$|^interaction_required$/;

/** This application's place in the tenant: two harmless requests for pages, and one for a token. */
export async function* registrationChecks(
  given: TenantCase,
  { provider, addresses, hasSecret }: Given,
): AsyncGenerator<Check> {
  const { say } = given;
  if (addresses) {
    const asked = await askToSignIn(given, provider, addresses.redirectUri);
    yield* requestChecks(given, asked, addresses.redirectUri);
    if (asked.kind === 'answer' && checkOf(asked.code) === 'client.id') {
      yield say.skipped('client.secret', 'client.id has to be mended first');
      return;
    }
    if (asked.kind === 'answer' && asked.isTaken) {
      if (checkOf(asked.code) !== 'scopes.granted') yield scopesCheck(given);
      yield* signOutAddressChecks(given, provider, addresses.postSignOutUri);
    }
  } else {
    const id = 'redirect-uri.registered';
    yield say.skipped(id, 'baseUrl, listen or routes have to be mended first');
  }
  if (!hasSecret) yield say.skipped('client.secret', 'client.secret has to be mended first');
  else yield* secretChecks(given, provider, addresses?.redirectUri ?? 'https://none.invalid/');
}

type Asked =
  | { kind: 'failure'; failure: string; url: URL }
  | {
      kind: 'answer';
      code: string | undefined;
      error: string | undefined;
      /** Whether the provider sends the browser back to the address that was asked for. */
      isTaken: boolean;
      /** Another address that it sends it to, which is then a registered one. */
      elsewhere: URL | undefined;
    };

/** The very request of a sign-in, but that nobody is to be asked: so no page and no cookie is needed. */
async function askToSignIn(
  { config, probe, tenant }: TenantCase,
  provider: Provider,
  redirectUri: string,
): Promise<Asked> {
  const { scopes } = config;
  const { url } = buildAuthorizationRequest(provider, { redirectUri, scopes, hints: {}, now: 0 });
  url.searchParams.set('prompt', 'none');
  const result = await probe.get(url);
  if (isFailure(result)) return { kind: 'failure', failure: result.failure, url };
  return readAnswer(result, { redirectUri, isOwn: (origin) => tenant.origins.has(origin) });
}

const CODE = /\bAAD(?:B2C\d{5}|STS\d{4,7})\b/;

function readAnswer(
  { location, text }: Answer,
  { redirectUri, isOwn }: { redirectUri: string; isOwn: (origin: string) => boolean },
): Asked {
  const target = location && URL.canParse(location) ? new URL(location) : undefined;
  // To another page of the provider's own.
  if (!target || (isOwn(target.origin) && !sameAddress(target, redirectUri))) {
    const [code] = CODE.exec(text) ?? [];
    return { kind: 'answer', code, error: undefined, isTaken: false, elsewhere: undefined };
  }
  const parameters = new URLSearchParams(target.search || target.hash.slice(1));
  const { providerCode: code } = parseDescription(parameters.get('error_description'));
  const error = parameters.get('error') ?? undefined;
  const isTaken = sameAddress(target, redirectUri) && checkOf(code) !== 'redirect-uri.registered';
  return { kind: 'answer', code, error, isTaken, elsewhere: isTaken ? undefined : target };
}

const sameAddress = ({ origin, pathname }: URL, uri: string) =>
  origin + pathname === new URL(uri).origin + new URL(uri).pathname;

const checkOf = (code: string | undefined): CheckId | undefined =>
  code !== undefined && Object.hasOwn(CHECK_OF_CODE, code) ? CHECK_OF_CODE[code] : undefined;

function* requestChecks(given: TenantCase, asked: Asked, redirectUri: string): Generator<Check> {
  const { say, explain, place } = given;
  if (asked.kind === 'failure') {
    const { detail, mend } = explain(asked.failure, asked.url);
    yield say.warn('sign-in.request', detail, { mend });
    return;
  }
  const { code, error, isTaken } = asked;
  const id = checkOf(code);
  if (id === 'redirect-uri.registered') {
    yield notRegistered(given, asked, redirectUri);
    return;
  }
  if (id && !isTaken) {
    yield refusal(given, id, code);
    return;
  }
  if (!isTaken) {
    yield say.warn(
      'redirect-uri.registered',
      `the provider does not say whether it knows ${redirectUri}`,
      {
        mend: 'Compare it with the registration by eye.',
        place: place('authentication'),
      },
    );
    return;
  }
  yield say.ok('client.id', 'known in this tenant');
  yield say.ok('redirect-uri.registered', `${redirectUri} is registered`);
  if (id) yield refusal(given, id, code);
  else yield requestCheck(given, { code, error });
}

/** A refusal of the provider, in the words that this program has for it. */
function refusal({ say, config }: TenantCase, id: CheckId, code: string | undefined): Check {
  const { happened, mend, place } = explainCode(code) as CodeExplanation;
  const about = id === 'client.id' ? `${config.client.id}: ` : '';
  return say.mend(id, `${about}${happened} (${code})`, { mend, place });
}

function requestCheck(
  { say }: TenantCase,
  { code, error }: { code: string | undefined; error: string | undefined },
): Check {
  const needsSomebody = NEEDS_SOMEBODY.test(error ?? '') || NOBODY_SIGNED_IN.has(code ?? '');
  if (needsSomebody) {
    return say.ok(
      'sign-in.request',
      'the provider takes it, with its scopes, and would ask who it is',
    );
  }
  const known = explainCode(code);
  return say.mend(
    'sign-in.request',
    `${known?.happened ?? 'the provider refuses it'} (${code ?? 'no code'})`,
    {
      mend: known?.mend ?? 'Look at the request in the browser, and the code up in docs/errors.md.',
      place: known?.place,
    },
  );
}

function notRegistered(
  { say, config, place }: TenantCase,
  asked: Extract<Asked, { kind: 'answer' }>,
  redirectUri: string,
): Check {
  const { code, elsewhere } = asked;
  const difference = elsewhere && uriDifference(redirectUri, elsewhere);
  return say.mend(
    'redirect-uri.registered',
    `${redirectUri} is not registered for ${config.client.id}${difference ? `; ${difference}` : ''} (${code})`,
    {
      mend: 'Register this very text as a redirect URI of type Web: B2C compares port, path, letter case and the slash at the end. It begins with https, but for http://localhost.',
      place: place('authentication'),
    },
  );
}

/** B2C holds the address after signing out against the redirect URIs, under some settings. */
async function* signOutAddressChecks(
  given: TenantCase,
  provider: Provider,
  postSignOutUri: string,
): AsyncGenerator<Check> {
  const { say, config, place } = given;
  const id = 'redirect-uri.sign-out';
  if (config.tenant.kind === 'generic') {
    yield say.skipped(
      id,
      `${postSignOutUri} is registered in a list of its own, which cannot be asked`,
    );
    return;
  }
  const asked = await askToSignIn(given, provider, postSignOutUri);
  if (asked.kind === 'failure') return;
  if (asked.isTaken) {
    yield say.ok(id, `${postSignOutUri} is registered`);
  } else {
    yield say.warn(id, `${postSignOutUri} is not registered`, {
      mend: 'Register it as a redirect URI too: with an ID token as hint the provider goes back only to one that it knows.',
      place: place('authentication'),
    });
  }
}

function scopesCheck({ config, say }: TenantCase): Check {
  const id = 'scopes.granted';
  const { scopes, tenant } = config;
  if (scopes.includes('offline_access') || tenant.kind === 'generic') {
    return say.ok(id, `openid ${scopes.join(' ')}`);
  }
  return say.warn(id, 'scopes does not hold offline_access: access tokens end after an hour', {
    mend: 'Add offline_access if the application calls APIs.',
  });
}

/**
 * A code that nobody has issued: who refuses the code has taken the secret. That B2C looks at the
 * secret first is what its answers suggest; nobody has written it down.
 */
async function* secretChecks(
  { say, config }: TenantCase,
  provider: Provider,
  redirectUri: string,
): AsyncGenerator<Check> {
  const refused = await openid
    .genericGrantRequest(provider.configuration, 'authorization_code', {
      code: 'made-up-by-the-doctor',
      redirect_uri: redirectUri,
      code_verifier: randomBytes(32).toString('base64url'),
    })
    .then(() => undefined, asSignInError);
  const { code = 'provider_answer_invalid', providerCode } = refused ?? {};
  const id = checkOf(providerCode);
  const { authMethod } = config.client;
  const told = explainCode(providerCode);
  if (id === 'client.secret' || id === 'client.type' || id === 'client.id') {
    yield say.mend(id, `${told?.happened} (${providerCode})`, {
      mend: String(told?.mend),
      place: told?.place,
    });
  } else if (code === 'client_refused') {
    yield say.mend(
      'client.secret',
      `the token endpoint refuses id and secret, sent by ${authMethod}`,
      {
        mend: 'Compare client.id and client.secret with the registration, and client.authMethod with what it allows.',
      },
    );
  } else if (code === 'grant_refused') {
    yield say.ok('client.type', 'a confidential client, as a web application has to be');
    yield say.ok('client.secret', `accepted, by ${authMethod}`);
  } else {
    yield say.warn(
      'client.secret',
      `the token endpoint neither takes nor refuses it (${providerCode ?? code})`,
      {
        mend: told?.mend ?? `Look ${code} up in docs/errors.md, and sign in to see.`,
      },
    );
  }
}
