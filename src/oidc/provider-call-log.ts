import { SignInError } from '../errors.ts';
import { elapsedMs, type Log } from '../log/log.ts';
import type { Outbound } from './outbound.ts';

/** The kind of a request to the provider, in logs and metrics. */
export type ProviderCall = 'metadata' | 'keys' | 'token' | 'refresh' | 'userinfo';

/** Returns a `fetch` for one kind of request that logs the duration and outcome of each. */
export type FetchFor = (call: ProviderCall) => Outbound['fetch'];

export const logProviderCalls =
  (outbound: Outbound, log: Log): FetchFor =>
  (call) =>
  async (url, options) => {
    const start = performance.now();
    let outcome = 'failed';
    try {
      const response = await outbound.fetch(url, options);
      outcome = response.ok ? 'ok' : 'refused';
      return response;
    } catch (error) {
      if (error instanceof SignInError) outcome = error.code;
      throw error;
    } finally {
      log.debug('provider_request', { call, outcome, durationMs: elapsedMs(start) });
    }
  };
