import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Browser } from '../support/browser.js';
import type { Site } from './site.js';

/** A simulated user with a separate browser. */
export interface Visitor {
  name: string;
  browser: Browser;
}

/** The responses that all users got. */
export interface Seen {
  requests: number;
  /** By status; what is no page says why in a word or two. */
  answers: Map<string, number>;
  slowestMs: number;
  /** The longest time in which one visitor saw nothing but 503. */
  longest503Ms: number;
  /** How often a user had to sign in again for an access token; the session lasted until then. */
  signInsAgain: number;
  /** Responses that no user should get. */
  wrong: string[];
}

// A user reloads the page after a 503, and otherwise reads it first.
const RELOAD_MS = 500;
const JSON_ONLY = { accept: 'application/json' };

export function createSeen(): Seen {
  const none = { requests: 0, slowestMs: 0, longest503Ms: 0, signInsAgain: 0 };
  return { ...none, answers: new Map(), wrong: [] };
}

/** Goes from page to page until it is told to stop. */
export async function visit(
  site: Site,
  visitor: Visitor,
  { seen, thinkMs, isOver }: { seen: Seen; thinkMs: number; isOver: () => boolean },
): Promise<void> {
  let unavailableSince: number | undefined;
  // Not all at once.
  await delay(Math.random() * thinkMs);
  while (!isOver()) {
    const answers = await loadPage(visitor, seen);
    const now = performance.now();
    const statuses = answers.map(({ status }) => status);
    if (statuses.every((status) => status === 503)) unavailableSince ??= now;
    else {
      if (unavailableSince) {
        seen.longest503Ms = Math.max(seen.longest503Ms, now - unavailableSince);
      }
      unavailableSince = undefined;
    }
    if (statuses.includes(303)) await signInAgain(site, visitor, seen);
    await delay(statuses.includes(503) ? RELOAD_MS : thinkMs * (0.5 + Math.random()));
  }
}

/** A page alone, or one whose scripts ask who is there and call an API, all at once. */
async function loadPage(visitor: Visitor, seen: Seen): Promise<Answer[]> {
  const paths = Math.random() < 0.4 ? ['/'] : ['/', '/auth/me', '/api', '/api'];
  const answers = await Promise.all(paths.map((path) => request(visitor, path, seen)));
  return answers.filter((answer) => answer !== undefined);
}

async function request(
  { name, browser }: Visitor,
  path: string,
  seen: Seen,
): Promise<Answer | undefined> {
  const begun = performance.now();
  seen.requests += 1;
  try {
    const answer = await browser.get(path, path === '/auth/me' ? JSON_ONLY : {});
    const { status, body, location } = answer;
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - begun);
    const what = status === 200 ? '200' : `${status} ${reasonOf(body)}`;
    seen.answers.set(what, (seen.answers.get(what) ?? 0) + 1);
    const isOwn = path === '/api' || body.includes(name);
    const isSignIn = path === '/api' && status === 303 && location.startsWith('/auth/sign_in');
    if (!(status === 503 || isSignIn || (status === 200 && isOwn))) {
      seen.wrong.push(`${path}: ${status}${status === 200 ? ', but not of this user' : ''}`);
    }
    return answer;
  } catch (error) {
    seen.wrong.push(`${path}: ${(error as Error).message}`);
    return undefined;
  }
}

/** The error code of an answer in JSON, the first words of one in plain text, nothing of a page. */
const reasonOf = (body: string) =>
  /"error":"(\w+)"/.exec(body)?.[1] ?? (body.startsWith('<') ? 'page' : body.slice(0, 24).trim());

/** Follows the 303 of a page that needs a token: a new session replaces the current one. */
async function signInAgain(site: Site, { name, browser }: Visitor, seen: Seen): Promise<void> {
  seen.signInsAgain += 1;
  let failure: unknown;
  // A sign-in that meets a kill or a store that is down ends on a page, and the user starts again.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      return await site.signIn(browser, name);
    } catch (error) {
      failure = error;
      await delay(RELOAD_MS);
    }
  }
  seen.wrong.push(`sign-in: ${(failure as Error).message}`);
}
