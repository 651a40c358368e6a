import type { Policy } from '../../../dist/emulator/policy/policy.js';
import type { JourneyRun, JourneyTenant } from '../../../dist/emulator/policy/run.js';

export const ORIGIN = { file: 'policy.xml', line: 1, column: 1 };

/** The tenant of a run: secrets are the names of their keys in lower case. */
export function createTenant(changes: Partial<JourneyTenant> = {}): JourneyTenant {
  return {
    domain: 'contoso.onmicrosoft.com',
    id: '11111111-2222-3333-4444-555555555555',
    accounts: new Map(),
    mailbox: [],
    lockout: { failures: 10, seconds: 60 },
    fixedVerificationCode: undefined,
    secret: (id) => id.toLowerCase(),
    fetchRest: () => Promise.reject(new Error('This run calls no REST API')),
    now: () => Date.parse('2026-03-05T13:05:09Z'),
    ...changes,
  };
}

/** A run that has just begun. Its policy has only what resolvers and handlers read. */
export function createRun(changes: Partial<JourneyRun> = {}): JourneyRun {
  return {
    policy: { id: 'B2C_1A_signup_signin', isDevelopment: false } as Policy,
    tenant: createTenant(),
    request: {
      parameters: new Map(),
      ipAddress: '192.0.2.7',
      host: 'contoso.b2clogin.com',
      correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    },
    language: 'en',
    bag: new Map(),
    frames: [],
    sso: { restored: new Map(), stored: new Map(), isKept: false },
    memory: new Map(),
    trace: [],
    waiting: undefined,
    ...changes,
  };
}
