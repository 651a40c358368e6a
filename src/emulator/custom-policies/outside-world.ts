/** Policy keys and REST APIs of custom policies: everything that they reach outside of the tenant. */
import { callRest } from '../policy/call-rest.ts';
import { madeUpKey } from '../policy/policy-key.ts';
import type { OutsideWorld } from '../policy/run.ts';

export interface OutsideSettings {
  /** Policy keys by name (`B2C_1A_…`). Those that are missing are made up. */
  readonly keys?: Readonly<Record<string, string>> | undefined;
  /** Replacements for the starts of URLs: `{ "https://api.example.com": "http://localhost:7071" }`. */
  readonly rest?: Readonly<Record<string, string>> | undefined;
  /** `simulated`: also the identity providers that run on this computer. */
  readonly providers?: 'simulated' | undefined;
}

export const createOutsideWorld = ({
  keys = {},
  rest = {},
  providers,
}: OutsideSettings): OutsideWorld => ({
  rest,
  simulatesProviders: providers === 'simulated',
  secret: (name) => findKey(keys, name) ?? madeUpKey(name),
  fetchRest: (request) => callRest(request, rest),
});

function findKey(keys: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(keys).find(([key]) => key.toLowerCase() === wanted)?.[1];
}
