import { z } from 'zod';
import type { PathIssue } from './issues.ts';

/** How the provider sends the authorization response: in the URL of the redirect, or in the body of a POST. */
export type ResponseMode = 'query' | 'form_post';

export const responseModeSchema = z
  .enum(['query', 'form_post'], { error: 'must be "query" or "form_post"' })
  .default('query')
  .describe(
    'How the provider sends authorization responses: `query` (in the URL), or `form_post` (a POST from its page; ' +
      'requires HTTPS), docs/configuration.md#response-mode.',
  );

/** Finds `form_post` without HTTPS. Each setting may be of any type. */
export function* findResponseModeIssues({
  responseMode,
  baseUrl,
  listen,
}: {
  responseMode?: unknown;
  baseUrl?: unknown;
  listen?: { tls?: unknown } | undefined;
}): Generator<PathIssue> {
  const isHttps =
    baseUrl instanceof URL ? baseUrl.protocol === 'https:' : listen?.tls !== undefined;
  if (responseMode !== 'form_post' || isHttps) return;
  const problem =
    '"form_post" requires HTTPS: browsers send the cookie of an attempt with it only then';
  yield {
    path: ['responseMode'],
    problem,
    fix: 'Set baseUrl to a URL with https, or use "query".',
  };
}
