// Requests to baseUrl through the reverse proxies of real deployments.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { serveMounted } from '../support/app.js';
import { startEchoApplication } from '../support/echo-application.js';
import { recordLog } from '../support/log.js';
import { freePorts, type Places, PROXIES, type ReverseProxy } from '../support/proxies.js';
import { assertReported, atItsAddress, emulator, type Plant, port, type Row } from './mistakes.js';
import { examined, goodConfig, parsed, serveConfig, type TestConfig } from './support.js';

/** One host for sign-in and an application behind the gate, from the files of docs/gate. */
const behind = (proxy: ReverseProxy, how: { isOneHost: boolean; gate?: object }): Plant =>
  atItsAddress(async (config, { t }) => {
    const places: Places = { ...(await freePorts()), isOneHost: how.isOneHost };
    config.listen = { port: places.signInPort };
    config['baseUrl'] = `http://localhost:${places.port}`;
    config['gate'] = how.gate ?? {};
    await serveConfig(t, config);
    await startEchoApplication(t, places.applicationPort);
    await proxy.start(t, places);
  });

/** The one check, in a world without mistakes. */
async function assertGood(t: TestContext, plant: Plant) {
  const config: TestConfig = goodConfig(emulator, port);
  await plant(config, { t, more: {} });
  const checks = await examined(t, config);
  const isFault = ({ status }: { status: string }) => status !== 'ok';
  assert.deepEqual(checks.filter(isFault), []);
  const answers = checks.find(({ id }) => id === 'base-url.answers');
  assert.match(String(answers?.detail), /\/auth\/ reaches this server/);
}

for (const proxy of PROXIES) {
  describe(`with ${proxy.name} and the gate in front of an application`, {
    skip: proxy.skip,
  }, () => {
    test('no problem is reported if sign-in is forwarded and everything else is protected', (t) =>
      assertGood(t, behind(proxy, { isOneHost: true })));

    const passed =
      /\/auth\/ to 127\.0\.0\.1:\d+ \(listen.host, listen.port\) without calling the gate/;
    const rows: Row[] = [
      {
        mistake: 'sign-in is protected, too, so that it redirects to itself',
        plant: behind(proxy, { isOneHost: false }),
        id: 'base-url.answers',
        says: passed,
      },
      {
        mistake:
          'the application receives the requests for sign-in, because a rule allows everything',
        plant: behind(proxy, {
          isOneHost: false,
          gate: { rules: [{ path: '/', allow: 'everyone' }] },
        }),
        id: 'base-url.answers',
        status: 'warn',
        says: passed,
      },
    ];
    for (const row of rows) test(row.mistake, (t) => assertReported(t, row));
  });
}

test('no problem is reported for an application that uses the middleware', (t) =>
  assertGood(t, async (config) => {
    await serveMounted(t, async (_app, _request, response) => void response.writeHead(404).end(), {
      config: parsed(config),
      given: { log: recordLog() },
    });
  }));

describe('a callback outside the prefix', () => {
  const [proxy] = PROXIES.filter(({ skip }) => skip === false);
  const skip = proxy ? false : 'neither nginx nor Caddy is installed';
  const routes = { callback: '/signin-oidc' };
  const answersOf = async (t: TestContext, plant: Plant) => {
    const config: TestConfig = { ...goodConfig(emulator, port), routes };
    await plant(config, { t, more: {} });
    const checks = await examined(t, config);
    return checks.find(({ id }) => id === 'base-url.answers');
  };

  test('fails if it is protected by the gate', { skip }, async (t) => {
    if (!proxy) return;
    const answers = await answersOf(t, behind(proxy, { isOneHost: true }));
    assert.equal(answers?.status, 'fail');
    assert.match(answers.detail, /\/signin-oidc is protected by the gate itself/);
    assert.match(
      String(answers.fix),
      /forward \/auth\/ and \/signin-oidc to .* without calling the gate/,
    );
  });

  test('passes if it is forwarded', async (t) => {
    const answers = await answersOf(t, (config) => {
      config['gate'] = {};
      return serveConfig(t, config);
    });
    assert.equal(answers?.status, 'ok');
  });
});

describe('routes that only the reverse proxy calls', () => {
  /** Forwards paths to the server, and returns 404 for all others. */
  const forwarding = (accepts: (path: string) => boolean, more: object = {}): Plant =>
    atItsAddress(async (config, { t }) => {
      const places = await freePorts();
      config.listen = { port: places.signInPort };
      config['baseUrl'] = `http://localhost:${places.port}`;
      config['gate'] = {};
      Object.assign(config, more);
      await serveConfig(t, config);
      const proxy = createServer((incoming, response) => {
        const { url = '', method, headers } = incoming;
        if (!accepts(url)) return void response.writeHead(404).end();
        const target = { port: places.signInPort, path: url, method, headers };
        request(target, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }).end();
      });
      t.after(() => proxy.close());
      await new Promise<void>((resolve) => proxy.listen(places.port, 'localhost', resolve));
    });
  const rows: Row[] = [
    {
      mistake: 'browsers can reach them',
      plant: forwarding(() => true),
      id: 'gate.routes',
      status: 'warn',
      says: /browsers can reach \/auth\/verify and \/oauth2\/auth .*return 404/,
    },
  ];
  for (const row of rows) test(row.mistake, (t) => assertReported(t, row));

  test('no problem is reported if they are closed and links for oauth2-proxy work', (t) =>
    assertGood(
      t,
      forwarding((path) => !/^\/auth\/(verify|forward)|^\/oauth2\/auth/.test(path)),
    ));

  test('the routes of oauth2-proxy have to be forwarded if the callback is one of them', async (t) => {
    const config: TestConfig = goodConfig(emulator, port);
    const accepts = (path: string) => /^\/auth\/(?!verify)|^\/oauth2\/callback/.test(path);
    const plant = forwarding(accepts, { routes: { callback: '/oauth2/callback' } });
    await plant(config, { t, more: {} });
    const check = (await examined(t, config)).find(({ id }) => id === 'gate.oauth2-proxy');
    assert.equal(check?.status, 'warn');
    assert.match(check.detail, /\/oauth2\/sign_out does not reach this server/);
    assert.match(String(check.fix), /^Forward \/oauth2\/ to 127\.0\.0\.1:/);
  });

  test('they are not checked without a reverse proxy', async (t) => {
    const config: TestConfig = { ...goodConfig(emulator, port), gate: {} };
    await serveConfig(t, config);
    const checks = await examined(t, config);
    const routes = checks.filter(({ id }) => id === 'gate.routes' || id === 'gate.oauth2-proxy');
    assert.deepEqual(
      routes.map(({ status }) => status),
      ['skipped', 'ok'],
    );
  });
});
