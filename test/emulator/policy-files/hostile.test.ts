import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { checkPolicies } from '../../../dist/emulator/policy-files/check-policies.js';
import { emptyFolder } from '../../support/folder.js';
import { generatePolicies } from './generate-policies.js';

const ROOT =
  'TrustFrameworkPolicy xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06"';

/** Returns the faults of one file, and the CPU time and memory that the check took. */
async function check(t: TestContext, content: string | Uint8Array | number) {
  const folder = emptyFolder(t);
  const file = path.join(folder, 'hostile.xml');
  if (typeof content === 'number') {
    const handle = openSync(file, 'w');
    ftruncateSync(handle, content);
    closeSync(handle);
  } else writeFileSync(file, content);
  const cpu = process.cpuUsage();
  const before = process.memoryUsage().rss;
  const { errors } = await checkPolicies({ folder });
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = (process.memoryUsage().rss - before) / 1e6;
  assert.ok((user + system) / 1000 < 5000, `took ${(user + system) / 1000} ms`);
  assert.ok(megabytes < 200, `took ${megabytes} MB`);
  return errors.map(({ rule, line }) => `${rule} ${line}`);
}

const bomb = Array.from(
  { length: 20 },
  (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
);

const documents: [string, string | Uint8Array | number, string][] = [
  [
    'an entity bomb',
    `<!DOCTYPE x [<!ENTITY e0 "boom">${bomb.join('')}]>\n<${ROOT}>&e20;</TrustFrameworkPolicy>`,
    'xml-dtd 1',
  ],
  [
    'an external entity',
    `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<${ROOT}>&e;</TrustFrameworkPolicy>`,
    'xml-dtd 1',
  ],
  ['a DTD elsewhere', `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">\n<${ROOT} />`, 'xml-dtd 1'],
  ['an entity without a DTD', `<${ROOT}>\n&boom;</TrustFrameworkPolicy>`, 'xml-not-well-formed 2'],
  ['a million nested elements', `<${ROOT}>\n${'<a>'.repeat(1_000_000)}`, 'file-too-large 1'],
  ['300,000 nested elements', `<${ROOT}>\n${'<a>'.repeat(300_000)}`, 'xml-too-deep 2'],
  ['a file of 100 MB', 100_000_000, 'file-too-large 1'],
  ['NUL bytes', `<${ROOT}>\n\0</TrustFrameworkPolicy>`, 'xml-not-well-formed 2'],
  [
    'half a surrogate',
    Buffer.from(`<${ROOT}>\n\xed\xa0\x80</TrustFrameworkPolicy>`, 'latin1'),
    'file-encoding 1',
  ],
  ['no end', `<${ROOT}>\n<BuildingBlocks>`, 'xml-not-well-formed 2'],
  [
    'a megabyte of an attribute',
    `<${ROOT}\nPolicyId="${'x'.repeat(1_000_000)}`,
    'xml-not-well-formed 2',
  ],
  [
    'a hundred thousand attributes',
    `<${ROOT}\n${'a="" '.repeat(100_000)}/>`,
    'xml-not-well-formed 2',
  ],
  ['a prototype as attribute', `<${ROOT}\nhasOwnProperty="1" b="2" />`, 'xml-not-well-formed 2'],
];

describe('hostile XML ends in an error, in bounded time and memory', () => {
  for (const [title, content, expected] of documents) {
    test(title, async (t) => {
      const found = await check(t, content);
      assert.ok(
        found.includes(expected),
        `expected ${expected}, found ${found.slice(0, 5).join(', ')}`,
      );
    });
  }

  test('five thousand unknown names', async (t) => {
    const claims = Array.from({ length: 5_000 }, (_, index) => `<OutputClaim${index} />`);
    const found = await check(t, `<${ROOT}>\n${claims.join('\n')}</TrustFrameworkPolicy>`);
    assert.ok(found.length > 5_000);
  });

  test('a thousand claims and references to others', async (t) => {
    const claims = Array.from(
      { length: 3_000 },
      (_, index) => `<ClaimType Id="claimOfTheShop${index}" />`,
    );
    const uses = Array.from(
      { length: 3_000 },
      (_, index) => `<OutputClaim ClaimTypeReferenceId="claimOfTheShopp${index}" />`,
    );
    const found = await check(
      t,
      `<${ROOT}><BuildingBlocks><ClaimsSchema>${claims.join('\n')}</ClaimsSchema></BuildingBlocks>
<ClaimsProviders><ClaimsProvider><TechnicalProfiles><TechnicalProfile Id="a"><OutputClaims>${uses.join('\n')}</OutputClaims></TechnicalProfile></TechnicalProfiles></ClaimsProvider></ClaimsProviders></TrustFrameworkPolicy>`,
    );
    assert.ok(found.filter((it) => it.startsWith('unknown-claim-type')).length === 3_000);
  });
});

test('the time grows with the size of the input, not worse', async (t) => {
  const cpuOf = async (files: number) => {
    const folder = emptyFolder(t);
    generatePolicies(folder, { files, bytes: 25_000 });
    const cpu = process.cpuUsage();
    const result = await checkPolicies({ folder });
    assert.deepEqual([result.files, result.errors], [files, []]);
    const { user, system } = process.cpuUsage(cpu);
    return user + system;
  };
  await cpuOf(8);
  const [few, many] = [await cpuOf(12), await cpuOf(96)];
  // Eight times the files; a check that grew with their square would take 64 times.
  assert.ok(many < 24 * few, `${few / 1000} ms for 12 files, ${many / 1000} ms for 96`);
});
