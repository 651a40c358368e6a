import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../config/config.ts';
import type { GateConfig, GateRule } from '../../config/gate.ts';
import { createFindRule } from '../../gate/rules.ts';
import { type Check, checksAbout } from '../check.ts';
import { isForThisMachineAlone } from './site-checks.ts';

type Given = Pick<Config, 'gate' | 'trustedProxies' | 'listen' | 'baseUrl'>;

/** What the settings of the gate mean together; nothing without a gate. */
export function* gateChecks({ gate, ...config }: Given): Generator<Check> {
  if (!gate) return;
  yield* proxyChecks(config);
  yield* ruleChecks(gate.rules);
  yield* hostChecks(gate, config.baseUrl);
}

// The largest networks that are nobody's on the internet: 10.0.0.0/8 and fc00::/7.
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 7 };

function* proxyChecks({ trustedProxies, listen }: Omit<Given, 'gate'>): Generator<Check> {
  const { ok, warn, mend } = checksAbout('trustedProxies');
  const id = 'gate.proxies';
  const tooWide = trustedProxies.filter(({ prefix, family }) => prefix < SHORTEST_PREFIX[family]);
  for (const { address, prefix } of tooWide) {
    yield mend(id, `${address}/${prefix} holds strangers, who could say for whom they ask`, {
      mend: 'Name the proxies, or a network that nobody but they are in.',
    });
  }
  if (tooWide.length > 0) return;
  if (trustedProxies.length === 0 && !isForThisMachineAlone(listen.host)) {
    yield warn(id, `others reach ${listen.host}, and only a proxy on this machine is believed`, {
      mend: 'If the proxy is on another machine, or in another container, name its address or network.',
    });
    return;
  }
  const more = trustedProxies.map(({ address, prefix }) => `, ${address}/${prefix}`).join('');
  yield ok(id, `believed: this machine${more}`);
}

function* ruleChecks(rules: readonly GateRule[]): Generator<Check> {
  const id = 'gate.rules';
  let isGood = true;
  for (const [index, rule] of rules.entries()) {
    const { warn, mend } = checksAbout(`gate.rules.${index}`);
    const decisive = decisiveRule(rules, rule);
    if (decisive === rule) continue;
    isGood = false;
    if (!decisive) {
      yield mend(id, `${rule.path} is refused to everybody, whatever this rule says`, {
        mend: 'The path is nearly one that a rule before it guards, or it can be read in two ways: docs/gate.md#rules. Put it first, or choose another path.',
      });
    } else if (saysTheSame(decisive, rule)) {
      yield warn(id, `never decides: ${decisive.path}, before it, says the same`, {
        mend: 'Leave it out.',
      });
    } else {
      yield mend(id, `never decides: ${decisive.path}, before it, decides on ${rule.path} too`, {
        mend: 'The first rule that a path is below decides: put the one with the longer path first.',
      });
    }
  }
  if (isGood) {
    const number = `${rules.length} rules, and each decides on its path`;
    yield checksAbout().ok(id, rules.length > 0 ? number : 'none: who is signed in may pass');
  }
}

/** The rule that decides on the path of another rule, as the gate finds it. */
function decisiveRule(rules: readonly GateRule[], { path }: GateRule): GateRule | undefined {
  if (/\p{Surrogate}/u.test(path)) return undefined; // no URL can contain it
  const match = createFindRule(rules)(encodeURI(path));
  return match.kind === 'rule' ? match.rule : undefined;
}

const saysTheSame = (a: GateRule, b: GateRule) =>
  a.allow === b.allow && isDeepStrictEqual(a.claims, b.claims);

function* hostChecks(
  { allowedHosts, cookieDomain }: GateConfig,
  { hostname }: URL,
): Generator<Check> {
  const { ok, warn } = checksAbout('gate.allowedHosts');
  const id = 'gate.hosts';
  const hasCookie = (allowed: string) => {
    const host = allowed.replace(/:\d+$/, '');
    const isBelow = `.${host.replace('*.', '')}`.endsWith(`.${cookieDomain}`);
    return host === hostname || (cookieDomain !== undefined && isBelow);
  };
  const without = allowedHosts.filter((host) => !hasCookie(host));
  if (without.length > 0) {
    const whose = cookieDomain === undefined ? hostname : `the domain ${cookieDomain}`;
    yield warn(id, `the session cookie of ${whose} does not come to ${without.join(', ')}`, {
      mend: 'Who comes back there is asked to sign in again and again, if the gate guards it. Set gate.cookieDomain to a domain that both are in.',
    });
    return;
  }
  yield ok(id, `the session cookie comes to ${[hostname, ...allowedHosts].join(', ')}`);
}
