import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { didYouMean } from '../dist/did-you-mean.js';

const KNOWN = [
  ...['id', 'port', 'idleMinutes', 'absoluteMinutes', 'store', 'check-config'],
  ...['retryDay', 'retryDays'],
];

describe('the known word that is near is named', () => {
  const rows: [string, string, string][] = [
    ['a letter too few', 'sore', 'store'],
    ['a letter too many', 'ports', 'port'],
    ['another letter', 'pord', 'port'],
    ['two letters that changed places', 'prot', 'port'],
    ['two slips in a long word', 'absoluteMinits', 'absoluteMinutes'],
    ['other capitals', 'ID', 'id'],
    ['another way to join its parts', 'idle_minutes', 'idleMinutes'],
    ['a part that is joined', 'checkconfig', 'check-config'],
    ['the nearest of several', 'retryDayss', 'retryDays'],
  ];
  for (const [name, word, meant] of rows) {
    test(name, () => assert.equal(didYouMean(word, KNOWN), `; did you mean "${meant}"?`));
  }
});

describe('nothing is said where none is near', () => {
  const rows: [string, string][] = [
    ['another word', 'retries'],
    ['three slips', 'absoluteMins'],
    ['two slips in a short word', 'pots1'],
    ['a slip in a word of two letters', 'ib'],
    ['no word', ''],
    ['a word without end', 'port'.repeat(1_000_000)],
  ];
  for (const [name, word] of rows) test(name, () => assert.equal(didYouMean(word, KNOWN), ''));
});
