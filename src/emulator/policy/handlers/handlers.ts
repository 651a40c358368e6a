import { JourneyError } from '../claims-error.ts';
import type { AutomaticHandler, Exchange, Outputs } from '../run.ts';
import type { Handler } from '../technical-profile.ts';
import { azureMfa } from './azure-mfa.ts';
import { emailVerification, oneTimePassword } from './codes.ts';
import { directory } from './directory.ts';
import { idTokenHint } from './id-token-hint.ts';
import { isPasswordGrant, passwordGrant } from './password-grant.ts';
import { journeyContext, presentedToken } from './request-claims.ts';
import { rest } from './rest.ts';

const nothing: AutomaticHandler = () => new Map();

/** Runs the technical profiles that show no page. */
export const HANDLERS: Partial<Record<Handler, AutomaticHandler>> = {
  directory,
  rest,
  'azure-mfa': azureMfa,
  'claims-transformation': nothing,
  'email-verification': emailVerification,
  'journey-context': journeyContext,
  'one-time-password': oneTimePassword,
  none: idTokenHint,
};

/** @throws ClaimsError, JourneyError also if the emulator has no such handler */
export function runHandler(exchange: Exchange): Outputs | Promise<Outputs> {
  const { profile, run } = exchange;
  if (profile.handler === 'none' && run.presented) return presentedToken(exchange);
  const handler = isPasswordGrant(profile) ? passwordGrant : HANDLERS[profile.handler];
  if (!handler) {
    throw new JourneyError(`The emulator cannot run ${profile.id} (${profile.handler}).`);
  }
  return handler(exchange);
}
