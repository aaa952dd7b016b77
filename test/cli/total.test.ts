import {afterAll, beforeAll, expect, test} from 'vitest';
import {noise} from './pixels.js';
import {cell} from './rows.js';
import {describeValues} from './statistics.js';
import {Workspace} from './workspace.js';

const work = new Workspace(afterAll);

beforeAll(async () => {
  for (const i of [1, 2, 3]) {
    await work.image(`pred/${i}.png`, noise(i, 16, 16));
    await work.image(`target/${i}.png`, noise(i < 3 ? 9 : 3, 16, 16));
  }
});

test('total is the weighted sum of the losses that carry a weight, ssim as 1 - ssim unless its form is a loss', async () => {
  const losses = [
    {type: 'ssim', weight: 0.5},
    {type: 'ssim', id: 'dissimilarity', form: 'loss', weight: 2},
    {type: 'mse', weight: 10},
    {type: 'mae', weight: -1},
    'psnr',
  ];
  const run = await work.run(['eval', '--pred', 'pred', '--target', 'target', '--quiet', '--config', '-'], {
    input: JSON.stringify({losses}),
  });
  expect(run).toEqual({code: 0, stdout: '', stderr: ''});
  const rows = [...work.rows().values()];
  expect(rows).toHaveLength(3);
  const sums = rows.map((row) => {
    expect(cell(row, 'dissimilarity')).toBeCloseTo(1 - cell(row, 'ssim'), 14);
    return 0.5 * (1 - cell(row, 'ssim')) + 2 * cell(row, 'dissimilarity') + 10 * cell(row, 'mse') - cell(row, 'mae');
  });
  for (const [i, row] of rows.entries()) expect(cell(row, 'total')).toBeCloseTo(sums[i] ?? Number.NaN, 14);
  const {summary} = work.json('cv-loss-report', 'report.json') as {summary: {total: {mean: number}}};
  expect(summary.total.mean).toBeCloseTo(describeValues(sums).mean ?? Number.NaN, 14);
});

test('without weights there is no total', async () => {
  await work.run([
    'eval',
    '--pred',
    'pred',
    '--target',
    'target',
    '--losses',
    'mse,ssim',
    '--quiet',
    '--report',
    'none',
  ]);
  expect(work.read('none', 'rows.csv').split('\n')[0]).toBe('key,status,reason,width,height,mse,ssim');
});
