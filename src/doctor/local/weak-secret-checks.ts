import type { Config } from '../../config/config.ts';
import { isExampleSecret } from '../../config/example-secrets.ts';
import { type Check, createReporter } from '../check.ts';

const REPEATED = /^(.{1,16}?)\1+.{0,15}$/;
const MIN_DIFFERENT = 12;

/** Checks the session secrets, without printing one. */
export function* weakSecretChecks({ session, tenants }: Config): Generator<Check> {
  const { secrets } = session;
  const clientSecrets = tenants.map(({ client }) => client.secret);
  const weak = secrets.flatMap((secret, index) => {
    const problem = clientSecrets.includes(secret)
      ? 'is also a client secret'
      : problemOf(secret, secrets.slice(0, index));
    return problem ? [{ index, problem }] : [];
  });
  for (const { index, problem } of weak) {
    yield createReporter(`session.secrets.${index}`).fail('session.secrets', `it ${problem}`, {
      fix: 'Create one with: openssl rand -base64 32. An attacker who guesses it can decrypt the cookies of a sign-in and forge sessions.',
    });
  }
  if (weak.length > 0) return;
  const more =
    secrets.length === 1 ? 'one is enough; add another to replace it' : 'the first one signs';
  yield createReporter().ok('session.secrets', `long and random enough; ${more}`);
}

function problemOf(secret: string, previous: readonly string[]): string | undefined {
  if (previous.includes(secret)) return 'is a duplicate of an earlier one';
  if (isExampleSecret(secret)) return 'is from an example';
  if (REPEATED.test(secret)) return 'is one string repeated';
  if (new Set(secret).size < MIN_DIFFERENT) return 'has too few different characters';
  return undefined;
}
