import fc from 'fast-check';
import {beforeAll, expect, test} from 'vitest';
import type {Device} from '../../../src/device/device.js';
import type {Raster} from '../../../src/images/raster.js';
import type {ClassName} from '../../../src/losses/contract.js';
import {type ConfiguredLoss, createLosses} from '../../../src/run/configured-loss.js';
import {scoreLoss} from '../../../src/run/score.js';
import {scoreStored} from '../../../src/run/strips/score-stored.js';
import {StoredImages} from '../../../src/run/strips/stored-sample.js';
import {stored} from '../../images/strips/folders.js';
import {random} from '../../losses/random.js';
import {wasm} from '../../losses/score.js';
import {cpu} from '../devices.js';
import {builtIn} from '../losses.js';
import {decodedSample} from '../samples.js';

const CLASSES: readonly ClassName[] = [0, 3, 7, 200].map((id) => ({id, name: `class ${id}`}));

let device: Device;
let binary: readonly ConfiguredLoss[];
let several: readonly ConfiguredLoss[];

beforeAll(async () => {
  device = await cpu();
  const plain = ['iou', 'dice', 'tversky', 'focal-tversky', 'generalised-dice', 'precision', 'recall'];
  const others = ['specificity', 'accuracy', 'f-beta', 'mcc', 'kappa', 'confusion'];
  const entries = [
    ...[...plain, ...others].map((type) => builtIn(type)),
    builtIn('iou', {crop_border: 2}, {id: 'cropped'}),
    builtIn('dice', {form: 'loss', ignore_index: 0}, {id: 'without 0'}),
    builtIn('accuracy', {threshold: 0.2, ignore_index: 255}, {id: 'low'}),
    builtIn('confusion', {ignore_index: 3}, {id: 'matrix'}),
  ];
  const ready = async (classes: readonly ClassName[] | null) => {
    const network = () => Promise.reject(new Error('no networks here'));
    return createLosses(entries, {tf: await wasm(), signal: new AbortController().signal, classes, network});
  };
  binary = await ready(null);
  several = await ready(CLASSES);
});

/** Every loss of a pair, from memory and from the disk, which must be the same bits or the same words. */
async function expectSame(pred: Raster, target: Raster, which: readonly ConfiguredLoss[]): Promise<unknown[]> {
  const decoded = decodedSample('a', {pred, target});
  const files = new Map([
    ['pred', await stored(pred)],
    ['target', await stored(target)],
  ]);
  const images = new StoredImages('a', files);
  const outcomes: unknown[] = [];
  for (const loss of which) {
    const [expected] = await scoreLoss(loss, [decoded], {device});
    expect(await scoreStored(loss, images, {}), loss.id).toEqual(expected);
    outcomes.push(expected);
  }
  return outcomes;
}

/** Runs of ids as masks have them, of 8 or 16 bits. */
function mask(height: number, width: number, ids: readonly number[], seed: number, wide = false): Raster {
  const next = random(seed);
  const data = new (wide ? Uint16Array : Uint8Array)(height * width);
  for (let at = 0; at < data.length; ) {
    const end = Math.min(data.length, at + 1 + Math.floor(30 * next()));
    data.fill(ids[Math.floor(ids.length * next())] as number, at, end);
    at = end;
  }
  return {data, height, width, channels: 1, maximum: wide ? 65_535 : 255};
}

test('random masks of every size and depth, with ids that are left out and that are none', async () => {
  const ids = fc.constantFrom([0, 255], [0, 1], [0], [0, 40, 60, 130, 255], [0, 3, 7, 200], [3, 200, 255], [0, 3, 9]);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({min: 1, max: 30}),
      fc.integer({min: 1, max: 30}),
      ids,
      ids,
      fc.boolean(),
      fc.boolean(),
      fc.nat(1e6),
      async (height, width, said, truth, wide, widened, seed) => {
        const pred = mask(height, width, said, seed, wide);
        const target = mask(height, width, truth, seed + 1, widened);
        await expectSame(pred, target, binary);
        await expectSame(pred, target, several);
      },
    ),
    {numRuns: 30},
  );
});

/** A copy with another id at one pixel. */
function changed(raster: Raster, at: number, id: number): Raster {
  const data = raster.data.slice();
  data[at] = id;
  return {...raster, data};
}

const HEIGHT = 1500;
const WIDTH = 1111;
const defined = (outcomes: readonly unknown[]) =>
  outcomes.filter((outcome) => !JSON.stringify(outcome).includes('undefined'));

test('masks of more rows than are read at once', async () => {
  const target = mask(HEIGHT, WIDTH, [0, 255], 1);
  const scores = mask(HEIGHT, WIDTH, [0, 30, 120, 140, 255], 2);
  expect(defined(await expectSame(scores, target, binary)).length).toBeGreaterThan(10);
  const ids = [0, 3, 7, 200];
  await expectSame(mask(HEIGHT, WIDTH, ids, 3), mask(HEIGHT, WIDTH, [...ids, 255], 4), several);
});

test('whether a mask holds but 0 and 1 is seen of the whole, whatever its first rows hold', async () => {
  const target = mask(HEIGHT, WIDTH, [0, 1], 1);
  const pred = mask(HEIGHT, WIDTH, [0, 1], 2);
  const [loss] = binary as readonly [ConfiguredLoss];
  expect(await expectSame(pred, target, [loss])).toEqual([
    {cells: expect.objectContaining({iou: expect.closeTo(1 / 3, 1)})},
  ]);
  // Then 1 is one part in 255, no foreground.
  const other = changed(pred, pred.data.length - 1, 2);
  expect(await expectSame(other, target, [loss])).toEqual([{cells: expect.objectContaining({iou: 0})}]);
});

test('a wrong id is told as of whole images: by its place there, and of the target before the prediction', async () => {
  const [pred, target] = [mask(HEIGHT, WIDTH, [0, 3], 1), mask(HEIGHT, WIDTH, [0, 3], 2)];
  const [loss] = several as readonly [ConfiguredLoss];
  const message = (text: string) => [{failure: expect.objectContaining({message: expect.stringContaining(text)})}];
  const late = changed(pred, 1400 * WIDTH + 20, 77);
  expect(await expectSame(late, target, [loss])).toEqual(message('pred has id 77 at x 20, y 1400'));
  const early = changed(late, 5, 78);
  expect(await expectSame(early, target, [loss])).toEqual(message('pred has id 78 at x 5, y 0'));
  const wrong = changed(target, 1450 * WIDTH + 4, 79);
  expect(await expectSame(early, wrong, [loss])).toEqual(message('target has id 79 at x 4, y 1450'));
  const [first] = binary as readonly [ConfiguredLoss];
  expect(await expectSame(pred, target, [first])).toEqual(message('target has id 3 at x '));
});
