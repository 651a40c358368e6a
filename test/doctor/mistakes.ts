/** Mistakes as rows of a table, and the tenant that those of one file share. */
import assert from 'node:assert/strict';
import { before, describe, type TestContext, test } from 'node:test';
import type { CheckId } from '../../dist/doctor/catalogue.js';
import type { DoctorInput } from '../../dist/doctor/doctor.js';
import type { Emulator } from '../../dist/emulator/emulator.js';
import { emulatorControl } from '../support/emulator-control.js';
import { fileScope } from '../support/redis.js';
import {
  APPLICATIONS,
  ENV,
  examined,
  freeOrigin,
  goodConfig,
  startTenant,
  type TestConfig,
  withStatus,
} from './support.js';

export const scope = fileScope();
/** Both are set when the tests run. */
export let emulator: Emulator;
export let port: number;

before(async () => {
  const own = await freeOrigin();
  port = own.port;
  emulator = await startTenant(own.origin);
  scope.after(() => emulator.close());
});

/** Changes the good configuration or its environment; gives the whole configuration to replace it. */
export type Plant = (
  config: TestConfig,
  world: { t: TestContext; more: Partial<DoctorInput> },
) => unknown | Promise<unknown>;

export interface Row {
  mistake: string;
  plant: Plant;
  id: CheckId;
  /** A pattern of the text, by which the reader can identify the mistake. */
  says: RegExp;
  /** Default: `fail`. */
  status?: 'warn' | 'fail';
}

/** Asserts that the mistake fails its check, with a matching text, and no other check. */
export async function assertReported(t: TestContext, { plant, id, says, status = 'fail' }: Row) {
  const config: TestConfig = goodConfig(emulator, port);
  const more: Partial<DoctorInput> = {};
  const planted = await plant(config, { t, more });
  const checks = await examined(t, planted ?? config, more);
  const named = checks.filter((check) => check.id === id && check.status === status);
  const text = JSON.stringify(checks, null, 1);
  assert.ok(named.length > 0, text);
  for (const check of named) {
    assert.match(`${check.target ?? ''}: ${check.detail} ${check.fix}`, says);
    assert.ok(check.fix, 'has no fix');
  }
  const others = withStatus(checks, 'fail').filter((check) => check.id !== id);
  assert.deepEqual(others, [], text);
  for (const secret of Object.values(ENV)) assert.equal(text.includes(secret), false);
}

export function describeRows(name: string, rows: Row[]) {
  describe(name, () => {
    for (const row of rows) test(row.mistake, (t) => assertReported(t, row));
  });
}

/** With a tenant where the redirect URIs at baseUrl are registered. */
export const atItsAddress =
  (plant: Plant): Plant =>
  async (config, world) => {
    await plant(config, world);
    const own = await startTenant(String(config['baseUrl']));
    world.t.after(() => own.close());
    config.tenant = { ...config.tenant, authority: own.authority };
  };

/** Changes some settings of a section. */
export const set =
  (section: keyof TestConfig, values: object): Plant =>
  (config) => {
    config[section] = { ...(config[section] as object), ...values };
  };
/** Another application of the tenant. */
export const client = (name: keyof typeof APPLICATIONS): Plant =>
  set('client', { id: APPLICATIONS[name] });
/** Injects a fault into the tenant, for one policy or for all. */
export const fault =
  (name: string, policy?: string): Plant =>
  async (_config, { t, more }) => {
    const control = emulatorControl(emulator.url);
    t.after(() => control.noFaults());
    more.timeoutMs = 1_000;
    await control.fault(name, policy ? { policy } : {});
  };
