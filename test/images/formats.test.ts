import {describe, expect, test} from 'vitest';
import {FORMAT_CASES} from './format-cases.js';
import {outcomeOf} from './outcome.js';

describe.each(FORMAT_CASES.map((row) => [`${row.format}, ${row.content}`, row] as const))('%s', (_, row) => {
  test.each(['pixels', 'labels'] as const)('%s', async (reading) => {
    const outcome = await outcomeOf(row, reading);
    expect(outcome).not.toContain('\n');
  });
});
