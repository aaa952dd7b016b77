import {afterAll, expect, test} from 'vitest';
import {type Pixels, Workspace} from './workspace.js';

const work = new Workspace(afterAll);
const grey = (data: readonly number[]): Pixels => ({height: 2, width: 2, channels: 1, data: Uint8Array.from(data)});

test('the thresholds that best-threshold chose are printed: of the images, and with bins that of the dataset', async () => {
  await work.image('pred/a.png', grey([0, 51, 204, 255]));
  await work.image('pred/b.png', grey([0, 102, 153, 255]));
  for (const key of ['a', 'b']) await work.image(`target/${key}.png`, grey([0, 0, 255, 255]));
  const printed = async (bins: number) => {
    const losses = ['--task', 'mask', '--losses', 'best-threshold', '--set', `losses.best-threshold.bins=${bins}`];
    const flags = ['--pred', 'pred', '--target', 'target', '--worst', '0', '--no-report'];
    const {code, stdout} = await work.run(['eval', ...losses, ...flags]);
    expect(code).toBe(0);
    return stdout.split('\n').filter((line) => line.startsWith('best-threshold'));
  };
  // 51 and 102 of 255 are the largest probabilities that occur outside of the targets; of 256 levels, which need not occur,
  // 152 is the largest below all within them.
  expect((await printed(0)).map((line) => line.split(/ +/))).toEqual([
    ['best-threshold', 'higher', '1', '1', '…', '1', '1', '1', '1', '2'],
    ['best-threshold.threshold', 'none', '0.3', '–', '0.3', '0.2', '0.4', '2'],
  ]);
  expect((await printed(256)).map((line) => line.split(/ +/))).toEqual([
    ['best-threshold', 'higher', '1', '1', '…', '1', '1', '1', '1', '1', '2'],
    [
      'best-threshold.threshold',
      'none',
      '0.3',
      '–',
      '0.3',
      '0.2',
      '0.4',
      String(Number((152 / 255).toPrecision(5))),
      '2',
    ],
  ]);
});
