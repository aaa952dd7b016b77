import {beforeAll, describe, expect, test} from 'vitest';
import type {Device} from '../../src/device/device.js';
import {SampleError} from '../../src/errors.js';
import type {Row} from '../../src/rows/row.js';
import type {LossEntry} from '../../src/run/configured-loss.js';
import type {LoadedSample} from '../../src/run/load.js';
import {scoreRows} from '../../src/run/rows.js';
import {bytes, floats, type Rasters} from '../losses/score.js';
import {cpu, tensorDevice} from './devices.js';
import {collect, loaded, stream, unreadable} from './loaded.js';
import {builtIn, configured, custom, firstPixel} from './losses.js';

let device: Device;
beforeAll(async () => {
  device = await cpu();
});

async function rowsOf(
  entries: readonly LossEntry[],
  samples: readonly LoadedSample[],
  batchSize: number | null = null,
): Promise<Row[]> {
  const losses = await configured(...entries);
  const {signal} = new AbortController();
  return collect(scoreRows(stream(samples), {losses, device, batchSize, signal}));
}

const flat = (level: number, height = 2, width = 3) => bytes(height, width, 1, new Array(height * width).fill(level));
const pair = (pred: number, target = 0, height = 2, width = 3): Rasters => ({
  pred: flat(pred, height, width),
  target: flat(target, height, width),
});
const allIgnored = {...pair(9), ignore: flat(1)};

const mae = builtIn('mae');
const mse = (more: Partial<LossEntry> = {}, options = {}) => builtIn('mse', options, more);

describe('a row', () => {
  test('ok: the cells of every loss in config order, then the total; size, hashes and group of the sample', async () => {
    const [row] = await rowsOf([builtIn('psnr'), mse({weight: 2})], [loaded('dir/a', pair(51), {group: 'dir'})]);
    expect(row).toEqual({
      key: 'dir/a',
      status: 'ok',
      reason: '',
      width: 3,
      height: 2,
      cells: {
        psnr: expect.closeTo(10 * Math.log10(25), 12),
        'psnr.squared_error': expect.closeTo(6 * 0.04, 12),
        'psnr.count': 6,
        mse: expect.closeTo(0.04, 12),
        total: expect.closeTo(0.08, 12),
      },
      sha256: {pred: 'hash of dir/a pred', target: 'hash of dir/a target'},
      group: 'dir',
    });
    expect(Object.keys(row?.cells ?? {})).toEqual(['psnr', 'psnr.squared_error', 'psnr.count', 'mse', 'total']);
  });

  test('without a group it has no such key, without a weight no total', async () => {
    const [row] = await rowsOf([mae], [loaded('a', pair(51))]);
    expect(row).not.toHaveProperty('group');
    expect(row?.cells).not.toHaveProperty('total');
  });

  test('infinite cells are ok', async () => {
    const [row] = await rowsOf([builtIn('psnr')], [loaded('a', pair(7, 7))]);
    expect(row).toMatchObject({status: 'ok', reason: '', cells: {psnr: Infinity}});
  });

  test('undefined: the reason names each loss, the other cells are kept', async () => {
    const losses = [mse({weight: 1}), mae, builtIn('total-variation'), custom({value: firstPixel})];
    const [row] = await rowsOf(losses, [loaded('a', allIgnored)]);
    const gone = {undefined: 'no valid pixel'};
    expect(row).toMatchObject({
      status: 'undefined',
      reason: 'mse, mae, total-variation: no valid pixel',
      cells: {mse: gone, mae: gone, custom: 9 / 255, total: {undefined: 'mse is undefined'}},
    });
  });

  test('a total without a number, though its parts have one, makes the row undefined', async () => {
    const losses = [
      custom({value: () => Infinity}, {id: 'up', weight: 1}),
      custom({value: () => Infinity}, {id: 'down', weight: -1}),
    ];
    const [row] = await rowsOf(losses, [loaded('a', pair(1))]);
    expect(row).toMatchObject({
      status: 'undefined',
      reason: 'total: infinite parts have no sum',
      cells: {up: Infinity, down: Infinity},
    });
  });

  test('failed by a loss: the others keep their cells, every failure is named, the total is not computed', async () => {
    const fails = (id: string, weight?: number) =>
      custom(
        {
          value: () => {
            throw new SampleError('labels', `${id} has had enough`);
          },
        },
        {id, ...(weight === undefined ? {} : {weight})},
      );
    const [row] = await rowsOf([fails('x', 1), mae, fails('y'), builtIn('rmse')], [loaded('a', allIgnored)]);
    expect(row).toMatchObject({
      status: 'failed',
      reason: 'labels: x: x has had enough; labels: y: y has had enough; mae, rmse: no valid pixel',
      width: 3,
      height: 2,
      cells: {x: null, mae: {undefined: 'no valid pixel'}, y: null, total: null},
      sha256: {pred: 'hash of a pred'},
    });
  });

  test('failed by a file: no size, no cell, no total', async () => {
    const failure = new SampleError('decode-failed', 'pred: a.png: cut short');
    const [row] = await rowsOf([mae, mse({weight: 1})], [unreadable('a', failure)]);
    expect(row).toEqual({
      key: 'a',
      status: 'failed',
      reason: 'decode-failed: pred: a.png: cut short',
      width: null,
      height: null,
      cells: {mae: null, mse: null, total: null},
      sha256: {},
    });
  });
});

describe('the undefined policy', () => {
  test('fail: a failed row with its code; the cell stays empty', async () => {
    const [row] = await rowsOf([mse({undefined: 'fail', weight: 1}), mae], [loaded('a', allIgnored)]);
    expect(row).toMatchObject({
      status: 'failed',
      reason: 'undefined-value: mse: no valid pixel; mae: no valid pixel',
      cells: {mse: {undefined: 'no valid pixel'}},
    });
  });

  test('a number enters the cell and the total', async () => {
    const [row] = await rowsOf([mse({undefined: 0.5, weight: 4})], [loaded('a', allIgnored)]);
    expect(row).toMatchObject({status: 'ok', reason: '', cells: {mse: 0.5, total: 2}});
  });

  test('of one loss does not concern another', async () => {
    const [row] = await rowsOf([mse({undefined: 0}), mae], [loaded('a', allIgnored)]);
    expect(row).toMatchObject({status: 'undefined', reason: 'mae: no valid pixel', cells: {mse: 0}});
  });
});

describe('the order', () => {
  const mixed = [
    loaded('a', pair(0)),
    loaded('b', pair(51, 0, 4, 1)),
    unreadable('c', new SampleError('empty-file', 'pred: c.png')),
    loaded('d', pair(102)),
    loaded('e', {...pair(153), weight: floats(2, 3, 1, new Array(6).fill(-1))}),
    loaded('f', pair(204, 0, 4, 1)),
    loaded('g', pair(255)),
  ];
  const expected = [0, 0.2, null, 0.4, null, 0.8, 1];

  test.each([null, 1, 2, 3, 64])('of the samples is that of the rows, with batches of %s', async (batchSize) => {
    const rows = await rowsOf([mae], mixed, batchSize);
    expect(rows.map(({key}) => key)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    rows.forEach(({cells}, i) => {
      const value = expected[i] as number | null;
      expect(cells.mae).toEqual(value === null ? null : expect.closeTo(value, 12));
    });
    expect(rows.filter(({status}) => status === 'failed').map(({key}) => key)).toEqual(['c', 'e']);
  });

  test('samples of equal shape are computed together, up to the batch size, others apart', async () => {
    const batches: string[][] = [];
    const noting = custom({
      instance: {
        perSample: async ({samples}) => {
          batches.push(samples.map(({key}) => key));
          return {'': samples.map(firstPixel)};
        },
      },
    });
    await rowsOf([noting], mixed, 4);
    expect(batches).toEqual([['a', 'd'], ['b'], ['e'], ['f'], ['g']]);
    batches.length = 0;
    await rowsOf([noting], mixed, 7);
    expect(batches).toEqual([['a', 'd', 'g'], ['b', 'f'], ['e']]);
  });
});

test('an abort ends the rows with its reason', async () => {
  const controller = new AbortController();
  const losses = await configured(mae);
  const samples = Array.from({length: 10}, (_, i) => loaded(String(i), pair(i)));
  const rows = scoreRows(stream(samples), {losses, device, batchSize: 2, signal: controller.signal});
  expect((await rows.next()).value).toMatchObject({key: '0'});
  controller.abort(new Error('enough'));
  // The second row was computed with the first.
  expect((await rows.next()).value).toMatchObject({key: '1'});
  await expect(rows.next()).rejects.toThrow('enough');
  expect((await rows.next()).done).toBe(true);
});

test('an abort is seen when there is nothing to compute, too', async () => {
  const controller = new AbortController();
  const losses = await configured(mae);
  const samples = ['a', 'b'].map((key) => unreadable(key, new SampleError('empty-file', key)));
  const rows = scoreRows(stream(samples), {losses, device, batchSize: 1, signal: controller.signal});
  expect((await rows.next()).value).toMatchObject({key: 'a'});
  controller.abort(new Error('enough'));
  await expect(rows.next()).rejects.toThrow('enough');
});

describe('losses that compare features', () => {
  const names = new Map<unknown, string>();

  /** A loss that names what it is given: sample, prediction, style, and which pixels are valid. */
  const comparing = (id: string, seen: string[]) =>
    custom(
      {
        inputs: {pred: 'pixels', style: 'pixels'},
        optionalInputs: {ignore: 'labels'},
        instance: {
          viaNetwork: async (sample) => {
            const given = [sample.view('pred').data, sample.view('style').data, sample.valid()];
            for (const one of given) if (!names.has(one)) names.set(one, `${names.size}`);
            seen.push([id, sample.key, ...given.map((one) => names.get(one))].join(' '));
            return {'': 1};
          },
        },
      },
      {id},
    );

  test('go sample by sample, and are given the same pixels of the same image', async () => {
    const seen: string[] = [];
    const style = flat(9, 5, 4);
    const samples = ['a', 'b'].map((key) => loaded(key, {pred: flat(1), style, ignore: flat(0)}));
    const rows = await rowsOf([comparing('x', seen), mae, comparing('y', seen)], samples);
    // What a network made of the last images is known by these objects.
    expect(seen).toEqual(['x a 0 1 2', 'y a 0 1 2', 'x b 3 1 4', 'y b 3 1 4']);
    expect(rows.map(({cells}) => Object.keys(cells))).toEqual(Array(2).fill(['x', 'mae', 'y']));
    expect(rows.map(({cells: {x, y}}) => [x, y])).toEqual(Array(2).fill([1, 1]));
  });

  test('on another device they are batched as any other, on a GPU not', async () => {
    const seen: string[] = [];
    const samples = ['a', 'b'].map((key) => loaded(key, {pred: flat(1), style: flat(9)}));
    const losses = await configured(comparing('x', seen));
    const {signal} = new AbortController();
    const device = await tensorDevice();
    const options = {losses, device, batchSize: null, signal};
    expect((await collect(scoreRows(stream(samples), options))).map(({cells}) => cells.x)).toEqual([0, 0]);
    expect(seen).toEqual([]);
    // On a GPU, the network has an executor of its own only where that computes on it.
    const onGpu = {...options, device: {...device, gpu: true}};
    expect((await collect(scoreRows(stream(samples), onGpu))).map(({cells}) => cells.x)).toEqual([1, 1]);
    expect(seen).toHaveLength(2);
  });
});
