import {renameSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {toHalfFloats} from '../../src/kernels/half-float.js';
import {openModel} from '../../src/models/open.js';
import {ONNX, onnxModel} from './onnx-file.js';
import {picture, scratch, spec} from './scratch.js';
import {expected, smallGraph, smallOnnx} from './small-model.js';

/** A model that gives its input back, as float32. */
function echo(element: number, shape: readonly (number | string)[], to = 1): Uint8Array {
  return onnxModel({
    nodes: [{operator: 'Cast', inputs: ['image'], outputs: ['out'], attributes: {to}}],
    inputs: [{name: 'image', element, shape}],
    outputs: [{name: 'out', element: to}],
  });
}

describe('element types', () => {
  const cases = [
    ['uint8', ONNX.uint8, {}, (pixel: number) => pixel],
    ['int32 with a mean', ONNX.int32, {mean: 128}, (pixel: number) => pixel - 128],
    ['int64', ONNX.int64, {range: [0, 1000]}, (pixel: number) => Math.round((pixel * 1000) / 255)],
    ['float64', ONNX.double, {range: [-1, 1]}, (pixel: number) => Math.fround((pixel * 2) / 255 - 1)],
    // A half has 11 bits: whole numbers up to 2048 are exact.
    ['float16', ONNX.float16, {range: [0, 255]}, (pixel: number) => pixel],
  ] as const;
  test.each(cases)('%s', async (_name, element, said, wanted) => {
    const folder = scratch({'m.onnx': echo(element, ['n', 'h', 'w', 3])});
    const model = await openModel(spec(join(folder, 'm.onnx'), {...said, size: [8, 8]}));
    const image = picture(5);
    const [output] = await model.run([image]);
    expect(output?.shape).toEqual([8, 8, 3]);
    expect([...(output?.values ?? [])]).toEqual(Array.from(image.data, (pixel) => expect.closeTo(wanted(pixel), 6)));
    await model.close();
  });

  test('an output of halves or whole numbers comes as numbers', async () => {
    for (const to of [ONNX.float16, ONNX.int64, ONNX.uint8]) {
      const folder = scratch({'m.onnx': echo(ONNX.float, ['n', 'h', 'w', 3], to)});
      const model = await openModel(spec(join(folder, 'm.onnx'), {range: [0, 255], size: [8, 8]}));
      const image = picture(6);
      expect([...((await model.run([image]))[0]?.values ?? [])]).toEqual([...image.data]);
      await model.close();
    }
  });
});

test('planes or pixels, as the model or the config says', async () => {
  const folder = scratch({'first.onnx': echo(1, ['n', 3, 8, 8]), 'any.onnx': echo(1, ['n', 'a', 'b', 'c'])});
  const image = picture(7);
  const planes = [0, 1, 2].flatMap((c) => Array.from({length: 64}, (_, i) => image.data[3 * i + c]));
  const run = async (name: string, said: object) => {
    const model = await openModel(spec(join(folder, name), {range: [0, 255], size: [8, 8], ...said}));
    const [output] = await model.run([image]);
    await model.close();
    return [...(output?.values ?? [])];
  };
  expect(await run('first.onnx', {})).toEqual(planes);
  expect(await run('any.onnx', {})).toEqual(planes);
  expect(await run('any.onnx', {layout: 'nhwc'})).toEqual([...image.data]);
});

test.each([1, 2, 3])('a model of %i images at once gives each what it gives alone', async (batch) => {
  const folder = scratch({'fixed.onnx': smallOnnx({batch}), 'any.onnx': smallOnnx()});
  const images = [1, 2, 3, 4, 5].map((seed) => picture(seed));
  const [fixed, any] = await Promise.all(['fixed', 'any'].map((name) => openModel(spec(join(folder, `${name}.onnx`)))));
  expect(fixed?.input.batch).toBe(batch);
  const alone = await any?.run(images);
  expect(alone).toHaveLength(5);
  (await fixed?.run(images))?.forEach(({values}, i) => {
    values.forEach((value, d) => {
      expect(value).toBeCloseTo(alone?.[i]?.values[d] as number, 6);
    });
  });
});

test('a model of any size takes images as they are, one after the other', async () => {
  const folder = scratch({'m.onnx': smallOnnx({size: ['h', 'w']})});
  const model = await openModel(spec(join(folder, 'm.onnx')));
  expect(model).toMatchObject({input: {size: null}, outputShape: null});
  for (const [height, width] of [
    [5, 9],
    [12, 4],
  ] as const) {
    const image = picture(1, height, width);
    const wanted = expected(
      Array.from(image.data, (pixel) => pixel / 255),
      height,
      width,
    );
    const [output] = await model.run([image]);
    output?.values.forEach((value, d) => {
      expect(value).toBeCloseTo(wanted[d] as number, 5);
    });
  }
});

test('weights beside the model, and the hash covers them', async () => {
  const bytes = onnxModel({
    nodes: [{operator: 'Add', inputs: ['image', 'shift'], outputs: ['out']}],
    inputs: [{name: 'image', element: ONNX.float, shape: ['n', 3, 8, 8]}],
    outputs: [{name: 'out', element: ONNX.float}],
    constants: [{name: 'shift', element: ONNX.float, shape: [1], bytes: {location: 'data/shift.bin'}}],
  });
  const hashes = new Set<string>();
  for (const shift of [2, 3]) {
    const data = new Uint8Array(Float32Array.of(shift).buffer);
    const folder = scratch({'m.onnx': bytes, 'data/shift.bin': data});
    const model = await openModel(spec(join(folder, 'm.onnx')));
    const [output] = await model.run([picture(1)]);
    expect(output?.values[0]).toBeCloseTo(shift + (picture(1).data[0] as number) / 255, 6);
    hashes.add(model.sha256);
  }
  expect(hashes.size).toBe(2);
});

test('links: a store of contents works, a way out does not', async () => {
  const folder = scratch({...smallGraph(), 'store/x': '', 'other/y': ''});
  const at = (...names: string[]) => join(folder, ...names);
  renameSync(at('model.json'), at('store', 'aa'));
  renameSync(at('weights.bin'), at('store', 'bb'));
  symlinkSync(at('store', 'aa'), at('other', 'model.json'));
  symlinkSync(at('store', 'bb'), at('other', 'weights.bin'));
  await (await openModel(spec(at('other', 'model.json')))).close();
  renameSync(at('store', 'bb'), at('bb'));
  renameSync(at('other', 'weights.bin'), at('other', 'old'));
  symlinkSync(at('bb'), at('other', 'weights.bin'));
  await expect(openModel(spec(at('other', 'model.json')))).rejects.toThrow("is a link out of the model's folder");
});

test('an operator that wasm lacks runs on the JavaScript backend, with a notice', async () => {
  const folder = scratch(smallGraph({last: 'Einsum'}));
  const lines: string[] = [];
  const model = await openModel(spec(join(folder, 'model.json')), {name: 'M', onNotice: (line) => lines.push(line)});
  expect(lines).toEqual([
    expect.stringMatching(/^model M runs on tfjs's JavaScript backend.* has no Einsum \[CVL-W014\]$/),
  ]);
  const image = picture(3);
  const wanted = expected(
    Array.from(image.data, (pixel) => pixel / 255),
    8,
    8,
  );
  const [output] = await model.run([image]);
  expect([...(output?.values ?? [])]).toEqual(wanted.map((value) => expect.closeTo(value, 5)));
  await model.close();
});

test('halves round to the nearest, ties to even', () => {
  const wanted: [number, number][] = [
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65_504, 0x7bff],
    [65_519, 0x7bff],
    [65_520, 0x7c00],
    [2049, 0x6800],
    [2051, 0x6802],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [3 * 2 ** -25, 2],
    [2 ** -14 - 2 ** -25, 0x400],
    [1 / 3, 0x3555],
  ];
  expect([...toHalfFloats(wanted.map(([value]) => value))]).toEqual(wanted.map(([, bits]) => bits));
});
