import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {lossesPage} from '../../src/cli/losses-page.js';

test('docs/losses.md is what the registry says; npm run docs writes it again', () => {
  expect(readFileSync('docs/losses.md', 'utf8')).toBe(lossesPage());
});
