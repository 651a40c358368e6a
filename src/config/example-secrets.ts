import type { PathIssue } from './issues.ts';
import { isLoopback } from './urls.ts';

// Common placeholders, and the secrets in the examples of this project's documents.
const EXAMPLE =
  /change.?me|replace.?(me|this)|your.{0,10}secret|example|of your own|forty letters long/i;

/** Whether a secret is published in an example, so that anyone can know it. */
export const isExampleSecret = (secret: string): boolean => EXAMPLE.test(secret);

/** Finds session secrets of examples at a site that others can reach. Each setting may be of any type. */
export function* findExampleSecretIssues({
  baseUrl,
  session,
}: {
  baseUrl?: URL | undefined;
  session?: { secrets: string[] } | undefined;
}): Generator<PathIssue> {
  if (!(baseUrl instanceof URL) || isLoopback(baseUrl)) return;
  const secrets: unknown = session?.secrets;
  if (!Array.isArray(secrets)) return;
  for (const [index, secret] of secrets.entries()) {
    if (typeof secret !== 'string' || !isExampleSecret(secret)) continue;
    yield {
      path: ['session', 'secrets', String(index)],
      problem: 'is the secret of an example, so anyone can forge sessions with it',
      fix: 'Create a secret with: openssl rand -base64 32',
    };
  }
}
