import assert from 'node:assert/strict';
import { test } from 'node:test';

const { titlesIn, alignTitles } = await import(
  new URL('../../scripts/titles.js', import.meta.url).href
);

test('finds the titles of tests, suites and rows, in order', () => {
  const text = `
    import { describe, test } from 'node:test';
    describe('a suite', { concurrency: 2 }, () => {
      // test('a comment', …)
      const rows = [['first row', 'data of it', 1], ['row', 2]];
      const more = { 'a key of a row': ['x'], name: 'another row', title: \`a \${name} row\` };
      for (const [name] of rows) test(\`\${name} in \${\`a \${place}\`}\`, () => send('some data'));
      test.skip("it's skipped", () => {});
    });`;
  assert.deepEqual(titlesIn(text), [
    'a suite',
    'first row',
    'a key of a row',
    'another row',
    `a $\{name} row`,
    `$\{name} in $\{\`a $\{place}\`}`,
    "it's skipped",
  ]);
});

test('an unchanged title keeps its partner when others come and go', () => {
  const before = ['one', 'two words here', 'three', 'four'];
  const after = ['new at the start', 'one', 'two other words here', 'four'];
  assert.deepEqual(alignTitles(before, after), {
    unchanged: 2,
    reworded: [['two words here', 'two other words here']],
    gone: ['three'],
    added: ['new at the start'],
  });
});

test('a title without a common word at the same position counts as reworded', () => {
  const { unchanged, reworded } = alignTitles(['a', 'denies all', 'b'], ['a', 'returns 401', 'b']);
  assert.equal(unchanged, 2);
  assert.deepEqual(reworded, [['denies all', 'returns 401']]);
});
