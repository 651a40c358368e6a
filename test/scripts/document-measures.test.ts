import assert from 'node:assert/strict';
import { test } from 'node:test';

interface Size {
  line: number;
  size: number;
}
interface Measures {
  average: number;
  sentence: Size;
  paragraph: Size;
}

const { excessesOf, measuresOf } = (await import(
  new URL('../../scripts/language/measures.js', import.meta.url).href
)) as {
  measuresOf(file: string, content: string): Measures;
  excessesOf(measures: Measures): { line: number; words: string }[];
};

const measure = (content: string) => measuresOf('docs/a.md', content);
const words = (count: number) => `Word${' word'.repeat(count - 1)}`;

test('averages the sentences of paragraphs and list items, over line breaks', () => {
  const { average } = measure('# A title of five words\n\nOne two\nthree. Four five.\n\n- Six.');
  assert.equal(average, 2);
});

test('counts inline code and a link as what the reader sees', () => {
  const { sentence } = measure(
    'Run `node dist/server.js --port 8000` as in [the guide](a.md#very-long).',
  );
  assert.equal(sentence.size, 6);
});

test('does not end a sentence at a version, a file name or "e.g. this"', () => {
  const { average } = measure('Node 20.19 reads config.json, e.g. this one.');
  assert.equal(average, 7);
});

test('begins a sentence with a name in lower case', () => {
  assert.equal(measure('It stops. b2c-signin starts again.').average, 2.5);
});

test('ignores code blocks, headings and HTML', () => {
  const { average, sentence } = measure(
    `# ${words(40)}\n\n\`\`\`sh\n${words(40)}\n\`\`\`\n\n<p>\n\nTwo words.`,
  );
  assert.equal(average, 2);
  assert.equal(sentence.size, 2);
});

test('finds the longest sentence in a table cell, which does not count for the average', () => {
  const { average, sentence } = measure(`Two words.\n\n| a | b |\n|---|---|\n| c | ${words(31)} |`);
  assert.equal(average, 2);
  assert.deepEqual(sentence, { line: 5, size: 31 });
});

test('counts the lines of a paragraph at 100 columns, without link targets', () => {
  const link = `[${words(19)}](https://example.com/${'x'.repeat(300)})`;
  assert.deepEqual(measure(`A.\n\n${link} ${words(20)}`).paragraph, { line: 3, size: 2 });
});

test('reports each bound that a document exceeds', () => {
  const text = `${words(31)}.\n\n${`${words(19)}. `.repeat(7)}`;
  assert.deepEqual(
    excessesOf(measure(text)).map((excess) => `${excess.line}: ${excess.words}`),
    ['1: 20.5 words per sentence', '1: a sentence of 31 words', '3: a paragraph of 7 lines'],
  );
  assert.deepEqual(excessesOf(measure('A short sentence.')), []);
});
