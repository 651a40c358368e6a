import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createEmulator } from '../../dist/emulator/emulator.js';
import { FAULTS } from '../../dist/emulator/endpoints/fault-table.js';
import { type Command, parseCommandLine } from '../../dist/program/command-line.js';
import { createBrowser } from '../support/browser.js';
import { emulatorControl } from '../support/emulator-control.js';
import { emptyFolder } from '../support/folder.js';
import { freePort } from '../support/free-port.js';
import { OLD_NODE_REFUSED, writeOldNode } from '../support/old-node.js';
import {
  eventsOf,
  type Program,
  type ProgramWithTenant,
  runProgram,
  runWithTenant,
  skipWithoutSignals,
  writeConfig,
} from '../support/program.js';
import { until } from '../support/redis.js';
import { shared } from '../support/shared.js';
import { sharedKeys } from '../support/signing-keys.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

/** The program, and a browser with a sign-in attempt whose callback is not sent yet. */
async function startWithTenant(t: TestContext, env: Record<string, string> = {}) {
  const running = await runWithTenant(t, env);
  return { ...running, ...(await beginSignIn(running)) };
}

async function beginSignIn(running: ProgramWithTenant) {
  const browser = running.browser();
  const { location } = await browser.get('/auth/sign_in');
  const callback = await running.control.authorize(location, { as: 'bob@example.com' });
  return { browser, callback };
}

test('one demo', { skip: skipWithoutSignals }, async (t) => {
  const port = await freePort(2);
  const cwd = realpathSync(emptyFolder(t));
  const program = runProgram(t, ['--port', String(port)], { cwd });
  await program.says('Stop with Ctrl+C');

  await t.test('prints its URLs and accounts, and signs in', async () => {
    const { stderr } = program.output;
    for (const text of [
      `http://localhost:${port}`,
      `http://127.0.0.1:${port + 1}`,
      ...['alice@example.com', 'bob@example.com', 'Pass@word1', 'local demo'],
    ]) {
      assert.ok(stderr.includes(text), text);
    }
    const browser = createBrowser(`http://localhost:${port}`);
    const { location } = await browser.get('/auth/sign_in?return_to=/auth/token_details');
    const control = emulatorControl(`http://127.0.0.1:${port + 1}`);
    const end = await browser.get(await control.authorize(location, { as: 'alice@example.com' }));
    const page = await browser.get(end.location);
    assert.equal(page.status, 200);
    assert.match(page.body, /Local demo/);
  });

  await t.test('listens on loopback only', async () => {
    const addresses = Object.values(networkInterfaces()).flat();
    for (const { address } of addresses.filter((entry) => entry && !entry.internal) as {
      address: string;
    }[]) {
      for (const listenPort of [port, port + 1]) {
        const refused = await new Promise((resolve) => {
          const socket = connect(listenPort, address, () => resolve(false));
          socket.on('error', () => resolve(true));
          socket.setTimeout(1_000, () => resolve(true));
        });
        assert.equal(refused, true, `${address}:${listenPort}`);
      }
    }
  });

  await t.test('names the folder without a config.json, which reveals a wrong folder', () => {
    const expected = `No config.json in ${cwd}: starting the local demo`;
    assert.ok(program.output.stderr.includes(expected));
  });

  await t.test('opens no debugger at SIGUSR1', () => assertNoDebugger(program, port, '/healthz'));

  await t.test('stops gracefully at SIGTERM', async () => {
    program.child.kill('SIGTERM');
    assert.equal(await program.ended, 0);
  });
});

async function assertNoDebugger(program: Program, port: number, path: string): Promise<void> {
  program.child.kill('SIGUSR1');
  // Node.js reports a debugger before it handles the next request.
  await delay(300);
  const { status } = await createBrowser(`http://127.0.0.1:${port}`).get(path);
  assert.equal(status, 200);
  assert.doesNotMatch(program.output.stderr, /debugger|inspector/i);
}

describe('the demo', () => {
  test('does not start with NODE_ENV=production', async (t) => {
    const env = { NODE_ENV: 'production' };
    const program = runProgram(t, [], { cwd: emptyFolder(t), env });
    assert.equal(await program.ended, 1);
    assert.match(program.output.stderr, /No config\.json found.*NODE_ENV=production/);
  });

  const taken: [string, number, RegExp][] = [
    ['its port', 0, /in use\. Without a config\.json, the demo uses .* Choose .*--port\.$/m],
    ["its emulator's port", 1, /\d+ for the emulator\. If an emulator runs there, create/],
  ];
  for (const [what, offset, expected] of taken) {
    test(`reports in one line that ${what} is in use`, async (t) => {
      const port = await freePort(2);
      const other = createServer().listen(port + offset, '127.0.0.1');
      t.after(() => other.close());
      const program = runProgram(t, ['--port', String(port)], { cwd: emptyFolder(t) });
      assert.equal(await program.ended, 1);
      assert.match(program.output.stderr, new RegExp(`port ${port + offset} is in use`));
      assert.match(program.output.stderr, expected);
    });
  }
});

describe('with a configuration', () => {
  test('config.json is found, its secrets are read, and users sign in', {
    skip: skipWithoutSignals,
  }, async (t) => {
    const { program, browser, callback } = await startWithTenant(t, { NODE_ENV: 'production' });
    assert.equal((await browser.get(callback)).status, 303);
    const page = await browser.get('/');
    assert.match(page.body, /You are signed in/);
    assert.doesNotMatch(page.body, /Local demo/);
    program.child.kill('SIGINT');
    assert.equal(await program.ended, 0);
    const events = program.output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg);
    for (const event of [
      'listening',
      'metadata_loaded',
      'sign_in_completed',
      'stopping',
      'stopped',
    ]) {
      assert.ok(events.includes(event), event);
    }
    assert.doesNotMatch(program.output.stdout + program.output.stderr, /emulator-secret|eyJ/);
  });

  // The search at the end of the run covers this output, like that of every other test.
  test('at level debug it tells of everything that a visitor does and that goes wrong', {
    skip: skipWithoutSignals,
  }, async (t) => {
    const env = { B2C_SIGNIN_LOG_LEVEL: 'debug' };
    const { program, browser, control, callback } = await startWithTenant(t, env);
    const as = 'bob@example.com';
    await browser.get(callback);
    for (const policy of ['edit_profile', 'reset_password']) {
      const { location } = await browser.get(`/auth/${policy}`);
      await browser.get(await control.authorize(location, { as }));
    }
    await browser.post('/auth/sign_out', {}, { origin: 'https://foreign.example' });
    await browser.post('/auth/sign_out');
    const { claims, signature, token, callback: callbacks } = FAULTS;
    const all = Object.keys({ ...claims, ...signature, ...token, ...callbacks });
    for (const fault of all.filter((name) => !/_(slow|hang)$/.test(name))) {
      await control.fault(fault, { times: 1 });
      const { location } = await browser.get('/auth/sign_in');
      const faulty = await control.authorize(location, { as });
      await browser.get(faulty);
      await browser.get(faulty);
      await control.noFaults();
    }
    program.child.kill('SIGTERM');
    assert.equal(await program.ended, 0);
    const lines = program.output.stdout.trim().split('\n');
    const events = lines.map((line) => JSON.parse(line));
    const names = new Set(events.map(({ msg }) => msg));
    for (const name of ['sign_in_started', 'policy_completed', 'sign_out', 'csrf_refused']) {
      assert.ok(names.has(name), name);
    }
    const codes = new Set(events.filter(({ msg }) => msg === 'sign_in_failed').map((e) => e.code));
    assert.ok(codes.size >= 7, [...codes].join());
  });

  test('--port changes the redirect URI too', async (t) => {
    const emulator = await createEmulator({ keys: await sharedKeys() });
    t.after(() => emulator.close());
    const cwd = emptyFolder(t);
    writeConfig(cwd, { authority: emulator.authority, port: 3000 });
    const port = await freePort();
    const env = { CLIENT_SECRET: 'emulator-secret' };
    const program = runProgram(t, ['--port', String(port)], { cwd, env });
    await program.says(`http://localhost:${port} on 127.0.0.1, port ${port}`);
    const { location } = await createBrowser(`http://localhost:${port}`).get('/auth/sign_in');
    const redirectUri = new URL(location).searchParams.get('redirect_uri');
    assert.equal(redirectUri, `http://localhost:${port}/auth/redirect`);
  });

  test('warns about a baseUrl on localhost with another port', async (t) => {
    const cwd = emptyFolder(t);
    const port = await freePort();
    writeConfig(cwd, { authority: 'http://127.0.0.1:9/x.onmicrosoft.com', port });
    const env = { CLIENT_SECRET: 'x', B2C_SIGNIN_BASE_URL: 'http://localhost:1234' };
    const program = runProgram(t, [], { cwd, env });
    await program.says(
      `Warning: it listens on port ${port}, but baseUrl is http://localhost:1234: start with --port 1234, or run a reverse proxy there.`,
    );
    // With a gate, the reverse proxy listens there.
    const other = ['--port', String(await freePort())];
    const more = { ...env, B2C_SIGNIN_GATE_ASSERTION: 'false' };
    const gate = runProgram(t, other, { cwd, env: more });
    await gate.says('serves http://localhost:1234');
    await gate.says(
      'The reverse proxy of the gate must listen on localhost:1234; without one, start with --port 1234.',
    );
    assert.doesNotMatch(gate.output.stderr + gate.output.stdout, /Warning: it/);
  });

  test('an invalid file is rejected with all errors and no secret', async (t) => {
    const cwd = emptyFolder(t);
    const file = path.join(cwd, 'mine.json');
    writeFileSync(file, JSON.stringify({ client: { secret: 'MARKER', id: 'x' }, extra: 1 }));
    const heads: [string[], RegExp][] = [
      [[], /^b2c-signin cannot start:\n/],
      [['check-config'], /^The configuration has 5 errors:\n/],
    ];
    for (const [command, head] of heads) {
      const program = runProgram(t, [...command, '--config', 'mine.json'], { cwd });
      assert.equal(await program.ended, 1);
      assert.match(program.output.stderr, head);
      for (const setting of ['tenant', 'client.id', 'policies', 'session', 'extra']) {
        assert.match(program.output.stderr, new RegExp(`^${setting}: `, 'm'));
      }
      assert.doesNotMatch(program.output.stderr, /Invalid input/, 'a message of zod');
      assert.doesNotMatch(program.output.stderr + program.output.stdout, /MARKER/);
    }
  });

  test('a callback at the path of another route is rejected at the start and by check-config', async (t) => {
    const cwd = emptyFolder(t);
    const B2C = 'https://fabrikamb2c.b2clogin.com/fabrikamb2c.onmicrosoft.com';
    writeConfig(cwd, { authority: B2C, port: 3000, more: { routes: { callback: '/auth/me' } } });
    const heads: [string[], string][] = [
      [[], 'b2c-signin cannot start:'],
      [['check-config'], 'The configuration has 1 error:'],
    ];
    for (const [args, head] of heads) {
      const program = runProgram(t, args, { cwd, env: { CLIENT_SECRET: 'x' } });
      assert.equal(await program.ended, 1);
      const fault =
        'routes.callback: must differ from the paths of all other routes; /auth/me is one of them';
      assert.ok(program.output.stderr.endsWith(`${head}\n${fault}\n`), program.output.stderr);
    }
  });

  test('a file that is not valid JSON is reported with its line, without its text', async (t) => {
    const cwd = emptyFolder(t);
    writeFileSync(
      path.join(cwd, 'config.json'),
      '{\n  "client": {\n    "secret": "MARKER" x\n  }\n}',
    );
    const program = runProgram(t, ['check-config'], { cwd });
    assert.equal(await program.ended, 1);
    assert.match(program.output.stderr, /config\.json: is not valid JSON \(line 3, /);
    assert.doesNotMatch(program.output.stderr, /MARKER/);
  });

  test('a file that does not exist is reported with its path', async (t) => {
    for (const command of [[], ['emulator']]) {
      const args = [...command, '--config', 'nope.json'];
      const program = runProgram(t, args, { cwd: emptyFolder(t) });
      assert.equal(await program.ended, 1);
      assert.match(program.output.stderr, /\Wnope\.json:? does not exist/);
    }
  });

  test('check-config reports a valid configuration', async (t) => {
    const cwd = emptyFolder(t);
    writeConfig(cwd, { authority: 'http://127.0.0.1:9/x.onmicrosoft.com', port: 3000 });
    const env = { CLIENT_SECRET: 'MARKER' };
    const program = runProgram(t, ['check-config'], { cwd, env });
    assert.equal(await program.ended, 0);
    assert.equal(program.output.stdout, 'The configuration is valid.\n');
  });

  test('starts while the tenant is unreachable, and is not ready', async (t) => {
    const port = await freePort();
    const cwd = emptyFolder(t);
    writeConfig(cwd, { authority: 'http://127.0.0.1:9/x.onmicrosoft.com', port });
    const program = runProgram(t, [], { cwd, env: { CLIENT_SECRET: 'x' } });
    await program.says(`port ${port}`);
    const browser = createBrowser(`http://localhost:${port}`);
    assert.equal((await browser.get('/healthz')).status, 200);
    assert.equal((await browser.get('/readyz')).status, 503);
    assert.equal((await browser.get('/auth/sign_in')).status, 503);
  });
});

test('with an old Node.js, prints the required version in one line', async (t) => {
  const cwd = emptyFolder(t);
  const env = { NODE_OPTIONS: `--require ${writeOldNode(cwd)}` };
  const program = runProgram(t, ['--version'], { cwd, env });
  assert.equal(await program.ended, 1);
  assert.equal(program.output.stderr, OLD_NODE_REFUSED);
  assert.equal(program.output.stdout, '');
});

describe('stopping', () => {
  test('finishes a sign-in in flight', { skip: skipWithoutSignals }, async (t) => {
    const { program, browser, control, callback } = await startWithTenant(t);
    await control.fault('token_slow', { times: 1 });
    const running = browser.get(callback);
    while ((await control.count('token')) === 0) await new Promise(setImmediate);
    program.child.kill('SIGTERM');
    assert.equal((await running).status, 303);
    assert.equal(await program.ended, 0);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} stops it at once without requests in flight, despite kept-alive connections`, async (t) => {
      // The longest grace: if it waited for that, the test would time out.
      const { program, port } = await startWithTenant(t, { B2C_SIGNIN_STOP_GRACE_SECONDS: '600' });
      const socket = connect(port, '127.0.0.1');
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'data');
      program.child.kill(signal);
      assert.equal(await program.ended, 0);
      assert.match(program.output.stdout, /"msg":"stopped"/);
    });
  }

  test('gives up on a provider that does not respond within the grace, and responds 503', {
    skip: skipWithoutSignals,
  }, async (t) => {
    const { program, browser, control, callback, port } = await startWithTenant(t);
    await control.fault('token_hang', { times: 1 });
    const running = browser.get(callback);
    while ((await control.count('token')) === 0) await new Promise(setImmediate);
    program.child.kill('SIGTERM');
    await program.says('stopping');
    // Reset if the system accepted the connection just before the listener closed.
    await assert.rejects(createBrowser(`http://localhost:${port}`).get('/readyz'), ({ code }) =>
      /^ECONN(REFUSED|RESET)$/.test(code),
    );
    const { status, setCookies } = await running;
    assert.equal(status, 503);
    assert.deepEqual(
      setCookies.filter((line) => line.startsWith('b2c-signin=')),
      [],
    );
    assert.equal(await program.ended, 0);
  });

  test('while draining it reports that it is not ready, and still answers requests', {
    skip: skipWithoutSignals,
  }, async (t) => {
    const drainSeconds = 3;
    const running = await runWithTenant(t, {}, { more: { stop: { drainSeconds } } });
    const { program } = running;
    const browser = await running.signedIn();
    const asked = Date.now();
    program.child.kill('SIGTERM');
    await program.says('stopping');
    const ready = await browser.get('/readyz');
    assert.equal(ready.status, 503);
    assert.deepEqual(JSON.parse(ready.body), { status: 'not ready', server: 'stopping' });
    const page = await browser.get('/auth/token_details');
    assert.equal(page.status, 200);
    assert.equal(page.headers['connection'], 'close');
    await running.signedIn();
    assert.equal(await program.ended, 0);
    assert.ok(Date.now() - asked >= drainSeconds * 1000);
  });

  test('closes requests that take longer than the configured grace', {
    skip: skipWithoutSignals,
  }, async (t) => {
    const { program, browser, control, callback } = await startWithTenant(t, {
      B2C_SIGNIN_STOP_GRACE_SECONDS: '1',
    });
    await control.fault('token_hang', { times: 1 });
    const running = browser.get(callback).then(String, (error) => error.code);
    while ((await control.count('token')) === 0) await new Promise(setImmediate);
    program.child.kill('SIGTERM');
    assert.equal(await program.ended, 0);
    // It did not wait for the deadline of the provider, after which the response would be 503.
    assert.equal(await running, 'UND_ERR_SOCKET');
  });

  const withoutFile: [string, string[], string][] = [
    ['the demo', [], 'Stop with Ctrl+C'],
    ['the emulator', ['emulator'], '/_emulator/'],
  ];
  for (const [what, args, started] of withoutFile) {
    test(`${what}, which cannot reload a configuration, stops at SIGHUP`, {
      skip: skipWithoutSignals,
    }, async (t) => {
      const port = await freePort(2);
      const program = runProgram(t, [...args, '--port', `${port}`], { cwd: emptyFolder(t) });
      await program.says(started);
      program.child.kill('SIGHUP');
      assert.equal(await program.ended, 0);
      assert.match(program.output.stderr, /Stopped\./);
    });
  }

  test('a second signal stops it at once', { skip: skipWithoutSignals }, async (t) => {
    const { program, browser, control, callback } = await startWithTenant(t);
    await control.fault('token_hang', { times: 1 });
    const running = browser.get(callback).catch(() => undefined);
    while ((await control.count('token')) === 0) await new Promise(setImmediate);
    program.child.kill('SIGTERM');
    await program.says('stopping');
    program.child.kill('SIGTERM');
    assert.equal(await program.ended, 1);
    await running;
  });
});

describe('sign-in still works', () => {
  const assertSignsIn = async ({ browser, callback, program }: Started) => {
    assert.equal((await browser.get(callback)).status, 303);
    assert.match((await browser.get('/')).body, /You are signed in/);
    assert.equal(program.child.exitCode, null);
  };
  type Started = Awaited<ReturnType<typeof startWithTenant>>;

  test('after the reader of its output has exited', async (t) => {
    const started = await startWithTenant(t);
    started.program.child.stdout?.destroy();
    started.program.child.stderr?.destroy();
    for (let i = 0; i < 200; i += 1) await started.browser.get('/auth/redirect');
    await assertSignsIn(started);
  });

  const faults: [string, string, string][] = [
    [
      'a timer throws',
      'throw new RangeError("MARKER\\n    at MARKER:1:1")',
      'RangeError at fault.mjs:1',
    ],
    [
      'a promise is rejected without a handler',
      'Promise.reject(new RangeError("MARKER"))',
      'RangeError at fault.mjs:1',
    ],
    ['a thrown value is not an error', 'throw "MARKER"', 'the thrown value'],
  ];
  describe('after an unexpected error', { skip: skipWithoutSignals }, () => {
    const running = shared((scope) => {
      const fault = path.join(emptyFolder(scope), 'fault.mjs');
      const functions = faults.map(([, code]) => `() => { ${code} }`);
      writeFileSync(
        fault,
        `const faults = [${functions}]; process.on('SIGUSR2', () => setTimeout(faults.shift()));`,
      );
      return runWithTenant(scope, { NODE_OPTIONS: `--import ${pathToFileURL(fault).href}` });
    });
    for (const [index, [name, , detail]] of faults.entries()) {
      test(`when ${name}, and logs where`, async () => {
        const { program } = running();
        const started = { ...running(), ...(await beginSignIn(running())) };
        program.child.kill('SIGUSR2');
        await until(async () => eventsOf(program, 'unexpected_error').length > index);
        await assertSignsIn(started);
        const event = eventsOf(program, 'unexpected_error')[index];
        assert.ok(String(event?.['detail']).startsWith(detail), JSON.stringify(event));
        assert.doesNotMatch(program.output.stdout + program.output.stderr, /MARKER/);
      });
    }
  });
});

describe('the command line', () => {
  const rows: [string, string[], Command['kind'], RegExp][] = [
    ['--version prints the version', ['--version'], 'print', /^1\.2\.3$/],
    ['--help names the commands', ['--help'], 'print', /emulator[\s\S]*check-config/],
    ['emulator --help names its options', ['emulator', '--help'], 'print', /--port N/],
    [
      'check-config --help says what it does',
      ['check-config', '--help'],
      'print',
      /Never prints a secret/,
    ],
    ['emulator --version prints the version', ['emulator', '--version'], 'print', /^1\.2\.3$/],
    ['an unknown command is wrong usage', ['serve'], 'wrong-usage', /There is no command "serve"/],
    [
      'a misspelled command gets a suggestion',
      ['check-confg'],
      'wrong-usage',
      /^There is no command "check-confg"; did you mean "check-config"\?$/m,
    ],
    [
      'an unknown option is wrong usage',
      ['--tenant', 'x'],
      'wrong-usage',
      /^--tenant is not an option of .*\.$/m,
    ],
    [
      'a misspelled option gets a suggestion',
      ['--prot', '1'],
      'wrong-usage',
      /^--prot is not an option of this command; did you mean "--port"\?$/m,
    ],
    [
      'and only the options of the given command',
      ['doctor', '--prot'],
      'wrong-usage',
      /command\.$/m,
    ],
    [
      'an option of another command is wrong usage',
      ['check-config', '--port', '1'],
      'wrong-usage',
      /--port is not an option/,
    ],
    ['an invalid port is wrong usage', ['--port', 'x'], 'wrong-usage', /--port takes a number/],
    [
      'an invalid number of workers is wrong usage',
      ['--workers', '0'],
      'wrong-usage',
      /--workers takes/,
    ],
    ['an option without its value is wrong usage', ['--config'], 'wrong-usage', /--config/],
  ];
  for (const [name, args, kind, expected] of rows) {
    test(name, () => {
      const command = parseCommandLine(args, '1.2.3');
      assert.equal(command.kind, kind);
      assert.match('text' in command ? command.text : '', expected);
    });
  }

  const processes: [string, string[], number, 'stdout' | 'stderr', RegExp][] = [
    ['the version goes to stdout', ['--version'], 0, 'stdout', new RegExp(`^${version}\n$`)],
    ['wrong usage goes to stderr, with exit code 2', ['serve'], 2, 'stderr', /no command "serve"/],
  ];
  for (const [name, args, code, stream, expected] of processes) {
    test(name, async (t) => {
      const program = runProgram(t, args, { cwd: emptyFolder(t) });
      assert.equal(await program.ended, code);
      assert.match(program.output[stream], expected);
      assert.equal(program.output[stream === 'stdout' ? 'stderr' : 'stdout'], '');
    });
  }
});

test('the emulator command', { skip: skipWithoutSignals }, async (t) => {
  const port = await freePort();
  const program = runProgram(t, ['emulator', '--port', String(port)], { cwd: emptyFolder(t) });
  await program.says(`http://localhost:${port}/_emulator/`);

  await t.test('starts only the emulator', async () => {
    const browser = createBrowser(`http://127.0.0.1:${port}`);
    const path = '/fabrikamb2c.onmicrosoft.com/B2C_1_susi/v2.0/.well-known/openid-configuration';
    assert.equal((await browser.get(path)).status, 200);
  });

  await t.test('opens no debugger at SIGUSR1', () =>
    assertNoDebugger(program, port, '/_emulator/'),
  );

  await t.test('stops at SIGTERM', async () => {
    program.child.kill('SIGTERM');
    assert.equal(await program.ended, 0);
  });
});

test('the emulator refuses an address that other computers can reach', async (t) => {
  const program = runProgram(t, ['emulator', '--host', '0.0.0.0'], { cwd: emptyFolder(t) });
  assert.equal(await program.ended, 1);
  assert.match(program.output.stderr, /0\.0\.0\.0/);
});
