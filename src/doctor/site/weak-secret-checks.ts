import type { Config } from '../../config/config.ts';
import { type Check, checksAbout } from '../check.ts';

const REPEATED = /^(.{1,16}?)\1+.{0,15}$/;
// Of examples and templates everywhere; ours are texts that say what they are.
const EXAMPLE =
  /change.?me|replace.?(me|this)|your.{0,10}secret|example|of your own|forty letters long/i;
const MIN_DIFFERENT = 12;

/** The secrets that sign and seal sessions, without ever naming one. */
export function* weakSecretChecks({ session, tenants }: Config): Generator<Check> {
  const { secrets } = session;
  const clientSecrets = tenants.map(({ client }) => client.secret);
  const faults = secrets.flatMap((secret, index) => {
    const fault = clientSecrets.includes(secret)
      ? 'is a client secret as well'
      : faultOf(secret, secrets.slice(0, index));
    return fault ? [{ index, fault }] : [];
  });
  for (const { index, fault } of faults) {
    yield checksAbout(`session.secrets.${index}`).mend('session.secrets', `it ${fault}`, {
      mend: 'Make one: openssl rand -base64 32. Whoever guesses it can open the cookies of a sign-in and make up sessions.',
    });
  }
  if (faults.length > 0) return;
  const more =
    secrets.length === 1 ? 'one is enough, a second one is for replacing it' : 'the first signs';
  yield checksAbout().ok('session.secrets', `long and varied enough; ${more}`);
}

function faultOf(secret: string, before: readonly string[]): string | undefined {
  if (before.includes(secret)) return 'is the same as one before it';
  if (EXAMPLE.test(secret)) return 'is taken from an example';
  if (REPEATED.test(secret)) return 'is one text again and again';
  if (new Set(secret).size < MIN_DIFFERENT) return 'has only a few different characters';
  return undefined;
}
