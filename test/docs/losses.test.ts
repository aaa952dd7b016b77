import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {datasetLosses} from '../../src/losses/dataset-registry.js';
import {losses} from '../../src/losses/registry.js';
import {type Example, lossPage} from './loss-page.js';
import {lossesPage} from './losses-page.js';

const all = [...losses, ...datasetLosses];
const examples: Readonly<Record<string, Example>> = JSON.parse(readFileSync('docs/losses/img/index.json', 'utf8'));

describe('the pages of losses are what the registry says; npm run docs writes them again', () => {
  test('docs/losses.md', async () => {
    await expect(lossesPage(all)).toMatchFileSnapshot('../../docs/losses.md');
  });

  test.each(all)('docs/losses/$id.md', async (loss) => {
    await expect(lossPage(loss, examples[loss.id])).toMatchFileSnapshot(`../../docs/losses/${loss.id}.md`);
  });

  test('no page of a loss that is gone', () => {
    const names = readdirSync('docs/losses').filter((name) => name.endsWith('.md'));
    expect(names.sort()).toEqual(all.map(({id}) => `${id}.md`).sort());
  });
});

test.each(all)('$id says which values it has and when to use it', ({range = '', use = ''}) => {
  expect(range.length).toBeGreaterThan(5);
  expect(use.length).toBeGreaterThan(30);
});

describe('pictures', () => {
  /** Losses with a map, as docs/pictures.md lists them, but for those without bundled weights or images. */
  const drawn = [...readFileSync('docs/pictures.md', 'utf8').matchAll(/^\| ([a-z-]+) \| (?!the map|---)/gm)]
    .map(([, id]) => id as string)
    .filter((id) => !['lpips', 'hinge', 'kl-divergence'].includes(id));

  test('every loss with a map has one; node scripts/loss-pictures.js draws them', () => {
    expect(Object.keys(examples).sort()).toEqual(drawn.sort());
    const missing = Object.values(examples).filter(({picture}) => !existsSync(`docs/losses/img/${picture}`));
    expect(missing).toEqual([]);
  });

  test('all of them are small', () => {
    const sizes = readdirSync('docs/losses/img').map((name) => statSync(`docs/losses/img/${name}`).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(2 * 1024 * 1024);
  });
});
