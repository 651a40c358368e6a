/** The `emulator` command, as a real process. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { createCertificate } from '../../dist/emulator/certificate.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { runProgram, skipWithoutSignals } from '../support/program.js';

function getJson(url: string, ca: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    sent.on('error', reject).end();
  });
}
const WELL_KNOWN = 'v2.0/.well-known/openid-configuration';

test('it prints URLs and accounts, and exits on SIGTERM', {
  skip: skipWithoutSignals,
}, async (t) => {
  const port = await freePort();
  const args = ['emulator', '--port', String(port)];
  const program = runProgram(t, args, { cwd: emptyFolder(t) });
  await program.says('bob@example.com');
  const { stderr } = program.output;
  for (const text of [
    `http://localhost:${port}/_emulator/`,
    `http://localhost:${port}/fabrikamb2c.onmicrosoft.com/B2C_1_susi`,
    ...['f0b6e55f-0000-4000-8000-00000000a001', 'emulator-secret', 'Pass@word1', 'development'],
  ]) {
    assert.ok(stderr.includes(text), text);
  }
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
});

test('--https serves with a temporary certificate, and prints the path of its CA', async (t) => {
  const port = await freePort();
  const args = ['emulator', '--https', '--port', String(port)];
  const program = runProgram(t, args, { cwd: emptyFolder(t) });
  await program.says('bob@example.com');
  const [, file = ''] = /Trust\s+(\S+)/.exec(program.output.stderr) ?? [];
  const base = `https://localhost:${port}/fabrikamb2c.onmicrosoft.com/B2C_1_susi`;
  const { issuer } = await getJson(`${base}/${WELL_KNOWN}`, readFileSync(file, 'utf8'));
  assert.match(String(issuer), new RegExp(`^https://localhost:${port}/`));
});

test('a configuration file defines the tenant; its paths are relative to it', {
  skip: skipWithoutSignals,
}, async (t) => {
  const folder = emptyFolder(t);
  const port = await freePort();
  const { cert, key, ca } = createCertificate();
  writeFileSync(path.join(folder, 'cert.pem'), cert);
  writeFileSync(path.join(folder, 'key.pem'), key);
  const configuration = {
    port,
    tls: { cert: 'cert.pem', key: 'key.pem' },
    stateFile: 'state.json',
    publicUrl: 'https://tenant.example',
    tenant: { domain: 'contoso.onmicrosoft.com' },
    policies: [{ name: 'B2C_1_custom', page: { content: 'frame.html' } }],
    accounts: [{ email: 'zoe@example.com' }],
  };
  const file = path.join(folder, 'emulator.json');
  writeFileSync(file, JSON.stringify(configuration));
  const program = runProgram(t, ['emulator', '--config', file], { cwd: emptyFolder(t) });
  await program.says('zoe@example.com');
  const base = `https://localhost:${port}/contoso.onmicrosoft.com/B2C_1_custom`;
  const { issuer } = await getJson(`${base}/${WELL_KNOWN}`, ca);
  assert.match(String(issuer), /^https:\/\/tenant\.example\//);
  program.child.kill('SIGTERM');
  assert.equal(await program.ended, 0);
  assert.match(readFileSync(path.join(folder, 'state.json'), 'utf8'), /zoe@example\.com/);
});

test('an invalid file is rejected with all its faults', async (t) => {
  const cwd = emptyFolder(t);
  writeFileSync(path.join(cwd, 'e.json'), JSON.stringify({ colour: 1, policies: [{}] }));
  const program = runProgram(t, ['emulator', '--config', 'e.json'], { cwd });
  assert.equal(await program.ended, 1);
  assert.match(program.output.stderr, /^colour: is not a setting$/m);
  assert.match(program.output.stderr, /^policies\[0\]\.name: is missing$/m);
});

test('another listen address than loopback needs a second option', async (t) => {
  const port = String(await freePort());
  const once = ['emulator', '--host', '0.0.0.0', '--port', port];
  const refused = runProgram(t, once, { cwd: emptyFolder(t) });
  assert.equal(await refused.ended, 1);
  assert.match(
    refused.output.stderr,
    /0\.0\.0\.0 is reachable from other computers.*--i-know-this-is-not-for/s,
  );
  const twice = [...once, '--i-know-this-is-not-for-production'];
  const program = runProgram(t, twice, { cwd: emptyFolder(t) });
  await program.says('bob@example.com');
});
