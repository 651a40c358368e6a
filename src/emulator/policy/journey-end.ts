import { B2cError } from '../tokens/b2c-error.ts';
import { ClaimsError, JourneyError } from './claims-error.ts';
import { providerName } from './profile-claims.ts';
import { RestError } from './rest-call.ts';
import type { TechnicalProfile } from './technical-profile.ts';

/** Any error of a handler as one that ends the journey. B2C's own codes go to the application. */
export function asJourneyEnd(
  profile: TechnicalProfile,
  error: unknown,
): ClaimsError | JourneyError {
  if (error instanceof ClaimsError || error instanceof JourneyError) return error;
  const { message } = error as Error;
  const isDown = error instanceof RestError;
  const known = isDown ? new B2cError('AADB2C90289', { provider: providerName(profile) }) : error;
  if (!(known instanceof B2cError)) {
    return new JourneyError(`${profile.id}: ${message}`, { cause: error });
  }
  const { code } = known;
  return new ClaimsError(code, message, { code, text: known.message.slice(code.length + 2) });
}
