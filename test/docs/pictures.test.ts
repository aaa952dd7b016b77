import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {losses} from '../../src/losses/registry.js';
import {createLoss, wasm} from '../losses/score.js';

/** Losses whose own weights are not bundled. */
const HASHED = new Set(['lpips', 'dists']);

test('the table of maps says what every loss shows, and whether its mean is the value', async () => {
  const tf = await wasm();
  const lines: string[] = [];
  const without: string[] = [];
  for (const {id} of losses) {
    const {instance} = await createLoss({type: id, ...(HASHED.has(id) && {weights: {hashed: 0}})}, tf);
    const {pixelMap} = instance;
    instance.dispose?.();
    if (!pixelMap) {
      without.push(id);
      continue;
    }
    const {shows, value} = pixelMap;
    const totals = value && [value({mean: 0.25, sum: 64}), 0.25, 64];
    const follows = totals ? (totals[0] === 0.25 ? 'its mean' : totals[0] === 64 ? 'its sum' : 'from its mean') : '–';
    lines.push(`| ${id} | ${shows} | ${follows} |`);
  }
  const page = readFileSync(new URL('../../docs/pictures.md', import.meta.url), 'utf8');
  expect(page.split('\n').filter((line) => /^\| [a-z]+[a-z-]* \|/.test(line) && !line.startsWith('| loss'))).toEqual(
    lines,
  );
  expect(page).toContain(`No map: ${without.join(', ')}.`);
});
