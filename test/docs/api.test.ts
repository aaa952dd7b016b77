import {readdirSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {apiPages} from '../../scripts/api.js';

// Of the built package: its declarations are what users have.
test('docs/api is current: npm run docs writes it', () => {
  const pages = apiPages();
  expect(readdirSync('docs/api').sort()).toEqual(Object.keys(pages).sort());
  for (const [name, text] of Object.entries(pages)) expect(readFileSync(`docs/api/${name}`, 'utf8'), name).toBe(text);
});
