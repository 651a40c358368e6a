// Applications do not agree on the page that a path names: a rule must hold for each way to read a path.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createDecide } from '../../dist/gate/decision.js';
import { startApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';
import { fileScope } from '../support/redis.js';

interface Rule {
  path: string;
  allow?: 'everyone' | 'signed-in';
  claims?: Record<string, string[]>;
}

const ROLE = { extension_Role: ['admin'] };

describe('the strictest rule of all readings decides', async () => {
  const rules: Rule[] = [
    { path: '/shop/admin', claims: ROLE },
    { path: '/shop', allow: 'everyone' },
    { path: '/admin', claims: ROLE },
    { path: '/w/index.php', allow: 'everyone' },
    { path: '/w', allow: 'everyone' },
  ];
  const scope = fileScope() as unknown as TestContext;
  const app = await startApp(scope, { config: { gate: { rules } } });
  const anonymous = app.browser();
  const user = await app.signedIn('bob@example.com');
  const admin = app.browser();
  const { location } = await admin.get('/auth/sign_in');
  const claims = { extension_Role: ['admin'] };
  await admin.get(await app.control.authorize(location, { as: 'alice@example.com', claims }));
  const ask = async (browser: Browser, path: string) =>
    (await browser.get('/auth/verify', { 'x-original-url': `https://a.example${path}` })).status;

  const rows: [name: string, paths: string[], anonymous: number, user: number][] = [
    [
      'a script in front of a page that needs a claim (PATH_INFO)',
      [
        ...['/index.php/admin', '/INDEX.PHP/admin', '/index.php/index.php/admin/users'],
        ...['/shop/index.php/admin', '/shop/public/index.php/admin', '/shop/x/y/app.php5/admin'],
        ...[
          '/index.cfm/admin',
          '/app.wsgi/admin',
          '/app.dll/admin',
          '/a.aspx/admin',
          '/a.cgi/admin',
        ],
      ],
      401,
      403,
    ],
    ['index without its extension (MultiViews)', ['/index/admin', '/shop/index/admin'], 401, 403],
    [
      'data of Next.js',
      [
        ...['/_next/data/B1/admin.json', '/_next/data/B1/admin/users.json'],
        ...['/shop/_next/data/B1/admin.json', '/shop/_next/data/B1/de/admin.json'],
        ...['/_next/data/B1/de-CH/admin.json', '/_next/data/B1/admin'],
      ],
      401,
      403,
    ],
    [
      'data of Gatsby',
      ['/page-data/admin/page-data.json', '/shop/page-data/admin/users/page-data.json'],
      401,
      403,
    ],
    [
      'a session ID of ASP.NET in the path',
      ['/(S(x))/admin', '/(A(a)S(s)F(f))/shop/admin', '/shop/(S(x))/admin', '/(S(x))/a.aspx/admin'],
      401,
      403,
    ],
    [
      'pages of the shop, which are open to everyone',
      [
        ...['/shop/cart', '/shop/_next/data/B1/cart.json', '/shop/_next/data/B1/index.json'],
        ...['/shop/page-data/cart/page-data.json', '/shop/(S(x))/cart', '/shop/logo.php'],
      ],
      202,
      202,
    ],
    [
      'a script whose page may be one outside the shop, where sign-in is required',
      ['/shop/index.php/cart', '/shop/index/cart'],
      401,
      202,
    ],
    [
      'a script that a rule names: its pages are in its own folder',
      ['/w/index.php/Main'],
      202,
      202,
    ],
    ['paths that only resemble scripts', ['/shop/v1.2/admin', '/shop/example.com/admin'], 202, 202],
  ];
  for (const [name, paths, forAnonymous, forUser] of rows) {
    test(name, async () => {
      for (const path of paths) {
        assert.equal(await ask(anonymous, path), forAnonymous, path);
        assert.equal(await ask(user, path), forUser, path);
        assert.equal(await ask(admin, path), 202, path);
      }
    });
  }

  test('a path with very many readings is denied, in a time that does not depend on them', async () => {
    const path = '/a.php'.repeat(1_500);
    assert.equal(await ask(admin, path), 403);
  });

  test('the log names the rule of the page', async () => {
    app.log.clear();
    await ask(user, '/shop/index.php/admin');
    const [line] = app.log.of('gate_denied');
    assert.equal(line?.['rule'], '/shop/admin');
    assert.equal(line?.['claim'], 'extension_Role');
  });
});

describe('a letter with an accent is the letter itself to some databases', () => {
  const decide = createDecide({
    rules: [
      { path: '/shop/admin', claims: ROLE },
      { path: '/büro', claims: ROLE },
      { path: '/shop', allow: 'everyone' },
    ],
    assertion: false,
  });
  const kindOf = (path: string) => {
    const uri = encodeURI(path);
    return decide(undefined, { kind: 'known', method: 'GET', host: undefined, uri }).kind;
  };

  test('a path that equals a guarded one without its accents is denied', () => {
    const paths = ['/shop/àdmin', '/shop/ÁDMIN', '/shop/a\u0300dmin', '/shop/ađmin', '/shop/admın'];
    for (const path of [...paths, '/buro', '/bu\u0308ro', '/bůro']) {
      assert.equal(kindOf(path), 'refuse', path);
    }
  });

  test('other paths with accents keep their rules', () => {
    assert.equal(kindOf('/büro/1'), 'signIn');
    assert.equal(kindOf('/shop/café/crème'), 'pass');
    assert.equal(kindOf('/shop/管理/øl'), 'pass');
    assert.equal(kindOf('/shop/administración'), 'pass');
  });
});

/** The ways in which applications read a path, written without the code under test. */
const READERS: Record<string, (path: string, rules: readonly Rule[]) => string[]> = {
  'as written': (path) => [path],
  'without regard to case': (path) => [path.toLowerCase()],
  'without accents': (path) => [path.normalize('NFD').replace(/[\u0300-\u036f]/g, '')],
  'without an extension': (path) => [path.replace(/\.\w+$/, '')],
  'PATH_INFO, or a front controller in its folder': (path, rules) => {
    const [, folder = '', script = '', page = ''] =
      /^(.*?)\/([^/]+\.(?:php|cfm|wsgi|dll|aspx)|index)(\/.*)$/i.exec(path) ?? [];
    if (!script) return [];
    const isNamed = rules.some((rule) => rule.path === `${folder}/${script}`);
    return isNamed ? [folder + page] : [folder + page, page];
  },
  'Next.js': (path) => {
    const [, base, page] = /^(.*?)\/_next\/data\/[^/]+(\/.*)\.json$/.exec(path) ?? [];
    return page === undefined ? [] : [base + page.replace(/^\/index$/, '/')];
  },
  Gatsby: (path) => {
    const [, base, page] = /^(.*?)\/page-data(\/.*)\/page-data\.json$/.exec(path) ?? [];
    return page === undefined ? [] : [base + page.replace(/^\/index$/, '/')];
  },
  'ASP.NET without cookies': (path) => [path.replace(/\/\((?:[A-Z]\([^()]*\))+\)(?=\/|$)/i, '')],
};

/** The ways to write a page, so that one of the readers finds it. */
const SPELLINGS: ((page: string, at: string) => string)[] = [
  (page) => page,
  (page) => page.toUpperCase(),
  (page) => page.replace('a', 'à'),
  (page) => `${page}.json`,
  ...['index.php', 'app.wsgi', 'x.cfm', 'a.dll', 'p.aspx', 'index'].map(
    (script) => (page: string, at: string) => `${at}/${script}${page}`,
  ),
  (page, at) => `${at}/_next/data/B1${page}.json`,
  (page, at) => `${at}/page-data${page}/page-data.json`,
  (page, at) => `${at}/(S(x1))${page}`,
];

const isBelow = (path: string, above: string) =>
  above === '/' || path === above || path.startsWith(`${above}/`);

/** The rule of docs/forward-auth.md: the first one that a path is below, otherwise every signed-in user. */
function isAllowed(path: string, rules: readonly Rule[], user: User | undefined): boolean {
  const rule = rules.find((candidate) => isBelow(path, candidate.path));
  if (rule?.allow === 'everyone') return true;
  if (!user) return false;
  return !rule?.claims || rule.claims['extension_Role']?.includes(String(user.role)) === true;
}

interface User {
  role?: string;
}

test('whatever reaches an application was allowed by the rule for each way to read the path', () => {
  const segment = fc.constantFrom('admin', 'shop', 'public', 'a', 'w');
  const folder = fc
    .array(segment, { maxLength: 2 })
    .map((parts) => parts.map((p) => `/${p}`).join(''));
  const page = fc.tuple(segment, folder).map(([first, rest]) => `/${first}${rest}`);
  const rule = fc.record({
    path: fc.oneof(
      { weight: 8, arbitrary: page },
      { weight: 1, arbitrary: fc.constant('/') },
      { weight: 1, arbitrary: folder.map((at) => `${at}/index.php`) },
    ),
    kind: fc.constantFrom('everyone', 'signed-in', 'claims'),
  });
  const toRule = ({ path, kind }: { path: string; kind: string }): Rule =>
    kind === 'claims' ? { path, claims: ROLE } : { path, allow: kind as 'everyone' };
  const spelling = fc.record({ how: fc.constantFrom(...SPELLINGS), at: folder });
  let reached = 0;
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 5 }),
      page,
      fc.array(spelling, { minLength: 1, maxLength: 2 }),
      fc.constantFrom<User | undefined>(undefined, {}, { role: 'admin' }),
      (ruleValues, wanted, spellings, user) => {
        const rules = ruleValues.map(toRule);
        const path = spellings.reduce((text, { how, at }) => how(text, at), wanted);
        const decide = createDecide({ rules, assertion: false });
        const claims = { sub: 's', extension_Role: user?.role };
        const { kind } = decide(user && { subject: 's', name: 'n', claims }, {
          ...{ kind: 'known', method: 'GET', host: undefined, uri: encodeURI(path) },
        });
        if (kind !== 'pass') return;
        reached += 1;
        // An application may read the result of one way in another way again.
        for (const [first, read] of Object.entries(READERS)) {
          for (const once of read(path, rules)) {
            for (const [second, readAgain] of Object.entries(READERS)) {
              for (const reading of readAgain(once, rules)) {
                const message = `${path} is ${reading} (${first}, ${second})`;
                assert.ok(isAllowed(reading, rules, user), message);
              }
            }
          }
        }
      },
    ),
    { numRuns: 5_000 },
  );
  assert.ok(reached > 500, `${reached} of the paths reached the application`);
});
