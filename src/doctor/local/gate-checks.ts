import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config/config.ts';
import type { GateConfig, GateRule } from '../../config/gate.ts';
import { createFindRules } from '../../gate/rules.ts';
import { type Check, createReporter } from '../check.ts';
import { isLoopbackOnly } from './listen-checks.ts';

type GateSettings = Pick<Config, 'gate' | 'trustedProxies' | 'listen' | 'baseUrl'>;

/** Checks the settings of the gate together. Without a gate there are no checks. */
export function* gateChecks({ gate, ...config }: GateSettings): Generator<Check> {
  if (!gate) return;
  yield* proxyChecks(config);
  yield* ruleChecks(gate.rules);
  yield* hostChecks(gate, config.baseUrl);
}

// The largest private networks: 10.0.0.0/8 and fc00::/7.
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 7 };

function* proxyChecks({ trustedProxies, listen }: Omit<GateSettings, 'gate'>): Generator<Check> {
  const { ok, warn, fail } = createReporter('trustedProxies');
  const id = 'gate.proxies';
  const tooWide = trustedProxies.filter(({ prefix, family }) => prefix < SHORTEST_PREFIX[family]);
  for (const { address, prefix } of tooWide) {
    yield fail(
      id,
      `${address}/${prefix} contains public addresses, whose requests could claim any host and path`,
      {
        fix: 'List the proxies, or a network that contains only proxies.',
      },
    );
  }
  if (tooWide.length > 0) return;
  if (trustedProxies.length === 0 && !isLoopbackOnly(listen.host)) {
    yield warn(
      id,
      `other machines can reach ${listen.host}, but only proxies on this machine are trusted`,
      {
        fix: 'If the proxy is on another machine or in another container, add its IP address or network.',
      },
    );
    return;
  }
  const more = trustedProxies.map(({ address, prefix }) => `, ${address}/${prefix}`).join('');
  yield ok(id, `trusted: loopback${more}`);
}

function* ruleChecks(rules: readonly GateRule[]): Generator<Check> {
  const id = 'gate.rules';
  let allDecide = true;
  for (const [index, rule] of rules.entries()) {
    const { warn, fail } = createReporter(`gate.rules.${index}`);
    const decisive = decisiveRule(rules, rule);
    if (decisive === rule) continue;
    allDecide = false;
    if (!decisive) {
      yield fail(id, `${rule.path} is always denied, regardless of this rule`, {
        fix: 'The path is similar to that of an earlier rule, or it is ambiguous: docs/gate-security.md#ambiguous-paths. Move the rule to the front, or choose another path.',
      });
    } else if (isEquivalent(decisive, rule)) {
      yield warn(id, `has no effect: the earlier rule ${decisive.path} is equivalent`, {
        fix: 'Remove it.',
      });
    } else {
      yield fail(
        id,
        `has no effect: the earlier rule ${decisive.path} also decides for ${rule.path}`,
        {
          fix: 'The first rule whose path matches decides. Move the rule with the longer path to the front.',
        },
      );
    }
  }
  if (allDecide) {
    const number = `${rules.length} rules, each of which decides for its path`;
    yield createReporter().ok(
      id,
      rules.length > 0 ? number : 'no rules: every signed-in user is allowed',
    );
  }
}

/** The rule that decides for the path of another one, found by the gate itself. */
function decisiveRule(rules: readonly GateRule[], { path }: GateRule): GateRule | undefined {
  // No URL can contain a lone surrogate, so the gate denies the path.
  if (/\p{Surrogate}/u.test(path)) return undefined;
  const match = createFindRules(rules)(encodeURI(path));
  return match.kind === 'rules' ? match.rules[0] : undefined;
}

const isEquivalent = ({ path: _, ...a }: GateRule, { path: __, ...b }: GateRule) =>
  isDeepStrictEqual(a, b);

function* hostChecks(
  { allowedHosts, cookieDomain }: GateConfig,
  { hostname }: URL,
): Generator<Check> {
  const { ok, warn } = createReporter('gate.allowedHosts');
  const id = 'gate.hosts';
  const hasCookie = (allowed: string) => {
    const host = allowed.replace(/:\d+$/, '');
    const isBelow = `.${host.replace('*.', '')}`.endsWith(`.${cookieDomain}`);
    return host === hostname || (cookieDomain !== undefined && isBelow);
  };
  const without = allowedHosts.filter((host) => !hasCookie(host));
  if (without.length > 0) {
    const owner = cookieDomain === undefined ? hostname : `the domain ${cookieDomain}`;
    yield warn(id, `browsers do not send the session cookie of ${owner} to ${without.join(', ')}`, {
      fix: 'If these hosts are behind the gate, users end up in a sign-in loop. Set gate.cookieDomain to a domain that contains all of them.',
    });
    return;
  }
  yield ok(id, `browsers send the session cookie to ${[hostname, ...allowedHosts].join(', ')}`);
}
