import {describe, expect, test} from 'vitest';
import {classesOfScores} from '../../src/run/classes.js';
import {lookOfFirstPair} from '../../src/run/first-pair.js';
import {memoryBudget} from '../../src/run/memory-budget.js';
import {fixture} from '../cli/workspace.js';
import {npyFloats} from './arrays.js';
import {builtIn} from './losses.js';
import {settings, table} from './masks.js';
import {flat, type Pixels, Scratch} from './scratch.js';

const grey = (...values: number[]): Pixels => ({height: 1, width: values.length, channels: 1, values});
const rgb = (...values: number[]): Pixels => ({height: 1, width: values.length / 3, channels: 3, values});

describe('the classes of a run whose config names none', () => {
  const of = (scratch: Scratch, files: readonly Record<string, string>[], losses = [builtIn('iou')]) =>
    classesOfScores(settings(scratch.root, ...losses), table(files).samples);
  const scores = npyFloats([1, 2, 3], [0, 1, 2, 3, 4, 5]);

  test('are the channels of the first prediction’s scores', async () => {
    const scratch = new Scratch();
    expect(await of(scratch, [{pred: scratch.write('a.npy', scores)}])).toEqual([
      {id: 0, name: '0'},
      {id: 1, name: '1'},
      {id: 2, name: '2'},
    ]);
  });

  test('a label map or a map of one score makes the run binary', async () => {
    const scratch = new Scratch();
    expect(await of(scratch, [{pred: await scratch.png('a.png', flat(2, 2, 3))}])).toBeNull();
    expect(await of(scratch, [{pred: scratch.write('a.npy', npyFloats([1, 2], [0, 1]))}])).toBeNull();
  });

  test('of a large PNG or JPEG the header is enough', async () => {
    const scratch = new Scratch();
    const files = [{pred: await scratch.png('a.png', flat(9, 10, 3))}, {pred: scratch.write('b.npy', scores)}];
    const among = {...settings(scratch.root, builtIn('iou')), memory: memoryBudget(80 * 256)};
    expect(await classesOfScores(among, table(files).samples)).toBeNull();
  });

  test('the first by key decides, whatever comes after', async () => {
    const scratch = new Scratch();
    const map = await scratch.png('a.png', flat(1, 2, 0));
    expect(await of(scratch, [{pred: map}, {pred: scratch.write('b.npy', scores)}])).toBeNull();
  });

  test('what cannot be read, and a photograph, leave it to the next', async () => {
    const scratch = new Scratch();
    const broken = scratch.write('a.npy', 'broken');
    const photo = await scratch.png('b.png', rgb(1, 2, 3));
    const files = [{pred: broken}, {pred: photo}, {target: photo}, {pred: scratch.write('c.npy', scores)}];
    expect(await of(scratch, files)).toHaveLength(3);
    expect(await of(scratch, files.slice(0, 3))).toBeNull();
  });

  test('nothing is read where no loss compares masks', async () => {
    const scratch = new Scratch();
    const files = [{pred: scratch.write('a.npy', scores)}];
    expect(await of(scratch, files, [builtIn('cross-entropy'), builtIn('mse')])).toBeNull();
  });
});

describe('whether the first pair is one of masks', () => {
  const masks = async (pred: Pixels, target: Pixels) => {
    const scratch = new Scratch();
    const files = {pred: await scratch.png('pred.png', pred), target: await scratch.png('target.png', target)};
    return (await lookOfFirstPair(table([files]).samples, settings(scratch.root))) === 'masks';
  };

  test.each([
    ['0 and 255', grey(0, 255, 0), grey(255, 0, 0)],
    ['0 and 1', grey(0, 1, 0), grey(1, 0, 0)],
    ['0 and 1 beside 0 and 255', grey(0, 1, 0), grey(255, 0, 0)],
    ['an empty prediction', grey(0, 0, 0), grey(255, 0, 0)],
    ['a full target', grey(0, 255, 0), grey(255, 255, 255)],
    ['three equal channels', rgb(0, 0, 0, 255, 255, 255), grey(0, 255)],
  ])('yes: %s', async (_, pred, target) => {
    expect(await masks(pred, target)).toBe(true);
  });

  test.each([
    ['photographs', rgb(1, 2, 3, 4, 5, 6), rgb(1, 2, 3, 4, 5, 6)],
    ['grey photographs', grey(3, 90, 200), grey(3, 90, 201)],
    ['probabilities against a mask', grey(0, 90, 255), grey(0, 255, 255)],
    ['a mask against a photograph', grey(0, 255, 255), grey(3, 90, 201)],
    ['two values, none of them 0', grey(1, 255, 255), grey(0, 255, 255)],
    ['two values, the other one neither 1 nor 255', grey(0, 128, 0), grey(0, 128, 0)],
    ['ids of several classes', grey(0, 1, 2), grey(0, 1, 2)],
    ['black images', grey(0, 0, 0), grey(0, 0, 0)],
    ['white images', grey(255, 255), grey(255, 255)],
    ['two colours', rgb(0, 0, 0, 255, 0, 0), rgb(0, 0, 0, 255, 0, 0)],
  ])('no: %s', async (_, pred, target) => {
    expect(await masks(pred, target)).toBe(false);
  });

  test('16 bits', async () => {
    const scratch = new Scratch();
    const pgm = Buffer.concat([Buffer.from('P5 2 1 65535\n'), Buffer.from([0, 0, 255, 255])]);
    const files = {pred: scratch.write('p.pgm', pgm), target: scratch.write('t.pgm', pgm)};
    expect(await lookOfFirstPair(table([files]).samples, settings(scratch.root))).toBe('masks');
  });

  test('a pair that cannot be read leaves it to the next; without any it is none', async () => {
    const scratch = new Scratch();
    const mask = await scratch.png('mask.png', grey(0, 255));
    const broken = {pred: scratch.write('a.png', 'broken'), target: mask};
    const pairs = [...table([broken, {pred: mask, target: mask}]).samples];
    expect(await lookOfFirstPair(pairs, settings(scratch.root))).toBe('masks');
    expect(await lookOfFirstPair(pairs.slice(0, 1), settings(scratch.root))).toBe('photographs');
    expect(await lookOfFirstPair([], settings(scratch.root))).toBe('photographs');
    expect(await lookOfFirstPair(table([{pred: mask}]).samples, settings(scratch.root))).toBe('photographs');
  });

  test('palettes of several values are told from grey in three channels', async () => {
    const scratch = new Scratch();
    const look = (pred: string, target: string) =>
      lookOfFirstPair(table([{pred, target}]).samples, settings(scratch.root));
    const palette = fixture('segmentation', 'palette', 'pred', '000.png');
    const greyish = await scratch.png('grey.png', rgb(1, 1, 1, 7, 7, 7, 9, 9, 9));
    expect(await look(palette, palette)).toBe('palettes');
    expect(await look(greyish, greyish)).toBe('photographs');
    expect(await look(palette, greyish)).toBe('photographs');
  });
});
