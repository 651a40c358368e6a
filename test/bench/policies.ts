import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPolicies } from '../../dist/emulator/policy-files/check-policies.js';
import { generatePolicies } from '../emulator/policy-files/generate-policies.js';
import { memoryPerRun } from '../emulator/policy-runs/memory-per-run.js';
import { loadNineSteps } from '../emulator/policy-runs/nine-steps.js';

const BYTES = 100_000;
const SIZES = [250, 500, 1000];

const RUNS = 500;
const MAX_MILLISECONDS = 3;

type Print = (what: string, figure: string, bound?: { ok: boolean; text: string }) => void;

/** The CPU time of a journey of nine steps, without signatures. */
export async function measurePolicyRuns(print: Print): Promise<void> {
  const run = await loadNineSteps();
  for (let count = 0; count < RUNS; count += 1) await run();
  const cpu = process.cpuUsage();
  for (let count = 0; count < RUNS; count += 1) await run();
  const { user, system } = process.cpuUsage(cpu);
  const each = (user + system) / 1000 / RUNS;
  print('policies run: a journey of nine steps, CPU', `${each.toFixed(2)} ms`, {
    ok: each <= MAX_MILLISECONDS,
    text: `at most ${MAX_MILLISECONDS} ms`,
  });
}

const MEMORY_RUNS = 10_000;
const MAX_BYTES = 500;

/** The heap that a run of a policy leaves behind, over many more runs than the tests have time for. */
export async function measurePolicyMemory(print: Print): Promise<void> {
  const each = await memoryPerRun(MEMORY_RUNS);
  const what = `policies memory: heap that each of ${MEMORY_RUNS} runs leaves behind`;
  print(what, `${Math.round(each)} bytes`, {
    ok: each <= MAX_BYTES,
    text: `at most ${MAX_BYTES} bytes`,
  });
}

/** The CPU time for each megabyte of policies, in folders of more and more files of 100 kB. */
export async function measurePolicies(print: Print): Promise<void> {
  let first: number | undefined;
  for (const files of SIZES) {
    const folder = mkdtempSync(path.join(tmpdir(), 'b2c-signin-policies-'));
    try {
      const megabytes = generatePolicies(folder, { files, bytes: BYTES }) / 1e6;
      const cpu = process.cpuUsage();
      const result = await checkPolicies({ folder });
      const { user, system } = process.cpuUsage(cpu);
      if (result.files !== files || result.errors.length > 0) throw new Error('not as generated');
      const milliseconds = (user + system) / 1000;
      const each = milliseconds / megabytes;
      first ??= each;
      const figure = `${(milliseconds / 1000).toFixed(1)} s, ${each.toFixed(0)} ms per MB`;
      const ok = each < 1.6 * first;
      const text = ok
        ? 'linear'
        : `more than 1.6 times the ${first.toFixed(0)} ms of ${SIZES[0]} files`;
      print(`policies check: ${files} files, ${megabytes.toFixed(0)} MB`, figure, { ok, text });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
