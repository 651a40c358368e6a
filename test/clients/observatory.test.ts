import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { startApp } from '../support/app.js';
import { emptyFolder } from '../support/folder.js';
import { type Scope, shared } from '../support/shared.js';
import { missingPackage } from './client-contract.js';

// Runs from its sources, beside the library it uses.
const HERE = fileURLToPath(new URL('../../test/clients/', import.meta.url));
const PROGRAM = path.join(HERE, 'apps/observatory.js');
const missing = missingPackage('@mdn/mdn-http-observatory');

interface Rating {
  algorithm: number;
  /** Points by test: penalties below zero, bonuses above. */
  modifiers: Record<string, number>;
  page: { status: number; headers: Record<string, string>; body: string; verified: boolean };
}

/** The ratings of three pages, by one process: it loads slowly. */
async function ratePages(scope: Scope) {
  const certificate = createCertificate();
  const app = await startApp(scope, { certificate });
  const caFile = path.join(emptyFolder(scope), 'ca.pem');
  writeFileSync(caFile, certificate.ca);
  const env = { ...process.env, NODE_V8_COVERAGE: undefined, NODE_EXTRA_CA_CERTS: caFile };
  const browser = app.browser();
  const { location } = await browser.get('/auth/sign_in');
  const callback = new URL(await app.control.authorize(location, { as: 'alice@example.com' }));
  const pages = [
    { path: '/' },
    // It finishes the sign-in by itself and rates the page behind it, with the session cookie.
    {
      path: callback.pathname + callback.search,
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    { path: '/auth/token_details' },
  ];
  const args = [PROGRAM, 'localhost', new URL(app.url).port, JSON.stringify(pages)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const [visitor, signedIn, unauthenticated] = JSON.parse(stdout) as [Rating, Rating, Rating];
  return { visitor, signedIn, unauthenticated };
}

/** 100 and all penalties; the bonuses only where that is 90 or more. */
function scoreOf(modifiers: Record<string, number>): number {
  const sum = (points: number[]) => points.reduce((total, one) => total + one, 100);
  const points = Object.values(modifiers);
  const without = sum(points.filter((one) => one < 0));
  return without >= 90 ? sum(points) : without;
}

/**
 * Adds the points of algorithm 6, which the site uses, to those of algorithm 4 of the latest library:
 * 10 for COOP and 10 for COEP, and 5 less where one is invalid.
 */
function addedByAlgorithm6({ page: { headers } }: Rating): Record<string, number> {
  const points = (value: string | undefined, good: RegExp) =>
    value === undefined ? 0 : good.test(value) ? 10 : -5;
  return {
    coop: points(
      headers['cross-origin-opener-policy'],
      /^(same-origin(-allow-popups)?|noopener-allow-popups)$/,
    ),
    coep: points(headers['cross-origin-embedder-policy'], /^(require-corp|credentialless)$/),
  };
}

describe("the HTTP Observatory's score over TLS is", { skip: missing }, () => {
  const ratings = shared(ratePages);

  test('150 for a visitor', () => {
    const rating = ratings().visitor;
    assert.match(rating.page.body, /You are not signed in/);
    assert.equal(rating.page.verified, true);
    assert.equal(rating.modifiers['cookies'], 0);
    assert.equal(rating.algorithm, 4);
    assert.equal(scoreOf(rating.modifiers), 130);
    assert.equal(scoreOf({ ...rating.modifiers, ...addedByAlgorithm6(rating) }), 150);
  });

  test('160 for a signed-in user', () => {
    const rating = ratings().signedIn;
    assert.match(rating.page.body, /You are signed in/);
    assert.equal(rating.modifiers['cookies'], 5);
    assert.equal(scoreOf(rating.modifiers), 140);
    assert.equal(scoreOf({ ...rating.modifiers, ...addedByAlgorithm6(rating) }), 160);
  });

  test('150 for a page that asks to sign in first', () => {
    const rating = ratings().unauthenticated;
    assert.equal(rating.page.status, 401);
    assert.equal(scoreOf({ ...rating.modifiers, ...addedByAlgorithm6(rating) }), 150);
  });
});
