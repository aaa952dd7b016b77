import {join} from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import type {Raster} from '../../src/images/raster.js';
import {type LayeredModel, openLayers} from '../../src/models/layers.js';
import {floats, ONNX, onnxModel} from './onnx-file.js';
import {picture, scratch, spec} from './scratch.js';
import {smallGraph, smallLayers, smallOnnx} from './small-model.js';

type Node = Parameters<typeof onnxModel>[0]['nodes'][number];

const SIDES = {height: 13, width: 17};

async function opened(
  nodes: readonly Node[],
  constants: Parameters<typeof onnxModel>[0]['constants'] = [],
  shape: readonly (number | string)[] = ['n', 1, 'h', 'w'],
): Promise<LayeredModel> {
  const bytes = onnxModel({
    nodes,
    inputs: [{name: 'image', element: ONNX.float, shape}],
    outputs: [{name: 'out', element: ONNX.float}],
    constants,
  });
  return open(scratch({'m.onnx': bytes}), 'm.onnx');
}

async function open(folder: string, file: string): Promise<LayeredModel> {
  const model = await openLayers(spec(join(folder, file)), {name: file});
  onTestFinished(() => model.close());
  return model;
}

const ones = (name: string, shape: readonly number[]) =>
  floats(name, shape, new Float32Array(shape.reduce((a, b) => a * b)).fill(1));
const integers = (name: string, list: readonly number[]) => ({
  ...{name, element: ONNX.int64, shape: [list.length]},
  bytes: new Uint8Array(BigInt64Array.from(list, BigInt).buffer),
});
const conv = (attributes: Node['attributes'], output = 'out', input = 'image'): Node => ({
  ...{operator: 'Conv', inputs: [input, 'kernel'], outputs: [output]},
  attributes: {kernel_shape: [3, 3], ...attributes},
});
const pool = (operator: string, attributes: Node['attributes'], input = 'image'): Node => ({
  ...{operator, inputs: [input], outputs: ['out']},
  attributes: {kernel_shape: [3, 2], ...attributes},
});

describe('positions that see no ignored pixel are those that stay 0 when the others are', () => {
  const graphs: readonly (readonly [string, readonly Node[]])[] = [
    ['a convolution', [conv({})]],
    ['by steps, with other paddings at each side', [conv({strides: [2, 3], pads: [1, 0, 2, 3]})]],
    ['dilated', [conv({dilations: [2, 3], pads: [2, 3, 2, 3], strides: [1, 2]})]],
    ['padded to the same size at the end', [conv({auto_pad: 'SAME_UPPER', strides: [2, 2]})]],
    ['padded to the same size at the start', [conv({auto_pad: 'SAME_LOWER', strides: [2, 3]})]],
    ['not padded', [conv({auto_pad: 'VALID', strides: [2, 2]})]],
    ['the largest, windows over the edge', [pool('MaxPool', {strides: [2, 3], ceil_mode: 1})]],
    ['the mean', [pool('AveragePool', {strides: [2, 2], pads: [1, 1, 1, 0]})]],
    [
      'two ways joined',
      [
        conv({pads: [1, 1, 1, 1], strides: [2, 2]}, 'left'),
        {...conv({dilations: [2, 2], pads: [2, 2, 2, 2], strides: [2, 2]}, 'right')},
        {operator: 'Add', inputs: ['left', 'right'], outputs: ['sum']},
        {operator: 'Relu', inputs: ['sum'], outputs: ['relu']},
        {operator: 'Concat', inputs: ['relu', 'left'], outputs: ['joined'], attributes: {axis: 1}},
        pool('AveragePool', {}, 'joined'),
      ],
    ],
    [
      'a gate over the whole image',
      [
        {operator: 'GlobalAveragePool', inputs: ['image'], outputs: ['gate']},
        {operator: 'Add', inputs: ['image', 'gate'], outputs: ['out']},
      ],
    ],
  ];

  test.each(graphs)('%s', async (_name, nodes) => {
    const model = await opened(nodes, [ones('kernel', [1, 1, 3, 3])]);
    await model.useLayers(['out']);
    const {height, width} = SIDES;
    let seen = 0;
    for (const [top, left] of [
      [0, 0],
      [4, 9],
      [12, 16],
    ] as const) {
      const ignored = Float64Array.from({length: height * width}, (_, i) =>
        i === top * width + left || i === (top - 1) * width + left - 4 ? 1 : 0,
      );
      const image: Raster = {...SIDES, data: ignored, channels: 1, maximum: null};
      const map = (await model.run(image, ['out'])).get('out');
      const mask = model.seenOnly('out', {...SIDES, data: Uint8Array.from(ignored, (one) => 1 - one)});
      expect([mask.height, mask.width]).toEqual([map?.height, map?.width]);
      expect([...mask.data]).toEqual(
        Array.from(map?.values.subarray(0, mask.data.length) ?? [], (value) => Number(value === 0)),
      );
      seen += mask.data.filter((one) => one === 0).length;
    }
    expect(seen).toBeGreaterThan(2);
  });

  const noSight: readonly (readonly [string, readonly Node[]])[] = [
    [
      'Transpose may look anywhere',
      [{operator: 'Transpose', inputs: ['image'], outputs: ['out'], attributes: {perm: [0, 1, 3, 2]}}],
    ],
    ['Conv may look anywhere', [{operator: 'Conv', inputs: ['image', 'kernel'], outputs: ['out']}]],
    [
      'Add joins maps of several sizes',
      [
        {...pool('MaxPool', {kernel_shape: [1, 17]}), outputs: ['column']},
        {operator: 'Add', inputs: ['image', 'column'], outputs: ['out']},
      ],
    ],
  ];

  test.each(noSight)('or it is said that this is not known: %s', async (reason, nodes) => {
    const model = await opened(nodes, [ones('kernel', [1, 1, 3, 3])]);
    await model.useLayers(['out']);
    expect(() => model.seenOnly('out', {...SIDES, data: new Uint8Array(SIDES.height * SIDES.width)})).toThrow(
      `which pixels m.onnx's out sees is not known, so none can be ignored: ${reason}`,
    );
  });

  test('a model of TensorFlow.js, and one that images are resampled for', async () => {
    const mask = {...SIDES, data: new Uint8Array(SIDES.height * SIDES.width)};
    const graph = await open(scratch(smallGraph({size: [-1, -1]})), 'model.json');
    expect(() => graph.seenOnly('relu', mask)).toThrow('it is no ONNX model with channels first');
    const sized = await open(scratch({'m.onnx': smallOnnx()}), 'm.onnx');
    expect(() => sized.seenOnly('relu', mask)).toThrow('images are resampled to its size');
  });
});

describe('layers', () => {
  test('are the same maps whatever the format, channels first, and in one run', async () => {
    const image = picture(3);
    const maps: Float32Array[] = [];
    for (const [files, file, layer] of [
      [{'m.onnx': smallOnnx()}, 'm.onnx', 'relu'],
      [smallGraph(), 'model.json', 'relu'],
      [smallLayers(), 'model.json', 'conv'],
    ] as const) {
      const model = await open(scratch(files), file);
      expect(model.layers).toContain(layer);
      await model.useLayers([layer]);
      const map = (await model.run(image, [layer])).get(layer);
      expect(map).toMatchObject({channels: 6, height: 6, width: 6});
      maps.push(map?.values as Float32Array);
    }
    const [first, ...others] = maps;
    for (const other of others) {
      expect([...other]).toEqual(Array.from(first as Float32Array, (value) => expect.closeTo(value, 5)));
    }
    expect(new Set(first).size).toBeGreaterThan(50);
  });

  test('have their channels where the operators of ONNX put them, whatever the input', async () => {
    const perm = (name: string, from: string, order: readonly number[]): Node => ({
      ...{operator: 'Transpose', inputs: [from], outputs: [name], attributes: {perm: order}},
    });
    const nodes = [
      perm('planes', 'image', [0, 3, 1, 2]),
      {...conv({kernel_shape: [2, 1]}, 'conv', 'planes')},
      {operator: 'Relu', inputs: ['conv'], outputs: ['first']},
      perm('pixels', 'first', [0, 2, 3, 1]),
      {operator: 'Sqrt', inputs: ['pixels'], outputs: ['last']},
      perm('turned', 'last', [0, 2, 1, 3]),
      {operator: 'Neg', inputs: ['turned'], outputs: ['out']},
    ];
    const kernel = floats('kernel', [2, 1, 2, 1], [1, 0, 0, 4]);
    const model = await opened(nodes, [kernel], ['n', 'h', 'w', 1]);
    await model.useLayers(['first', 'last', 'out']);
    const image: Raster = {data: Float64Array.of(1, 4, 9, 16, 25, 36), height: 3, width: 2, channels: 1, maximum: null};
    const maps = await model.run(image, ['first', 'last']);
    const sides = {channels: 2, height: 2, width: 2};
    expect(maps.get('first')).toEqual({...sides, values: Float32Array.of(1, 4, 9, 16, 36, 64, 100, 144)});
    expect(maps.get('last')).toEqual({...sides, values: Float32Array.of(1, 2, 3, 4, 6, 8, 10, 12)});
    await expect(model.useLayers(['turned'])).rejects.toThrow(
      "model m.onnx: where the channels of 'turned' are is not known, since an operator before it may have moved them; make it an output of the model",
    );
  });

  test('are added to those in use, of a model that takes several images at once too', async () => {
    const model = await open(scratch({'m.onnx': smallOnnx({batch: 2})}), 'm.onnx');
    await model.useLayers(['relu']);
    const [before] = [...(await model.run(picture(1), ['relu'])).values()];
    await model.useLayers(['conv']);
    const made = await model.run(picture(1), ['conv', 'relu']);
    expect(made.get('relu')).toEqual(before);
    expect(Array.from(made.get('conv')?.values ?? [], (value) => Math.max(0, value))).toEqual([
      ...(before?.values ?? []),
    ]);
  });

  test('that are no map are refused, declared or found out by a blank image', async () => {
    const model = await open(scratch({'m.onnx': smallOnnx()}), 'm.onnx');
    await expect(model.useLayers(['embedding'])).rejects.toThrow(
      "model m.onnx: its output 'embedding' has the shape [any, 4], expected a layer's [n, c, h, w]",
    );
    const graph = await open(scratch(smallGraph()), 'model.json');
    await expect(graph.useLayers(['relu', 'pooled'])).rejects.toThrow(
      "model model.json: its output 'pooled' has the shape [1, 6], expected a layer's [n, h, w, c]",
    );
  });

  test('of any size are refused when an image shows what they are', async () => {
    const model = await open(scratch(smallGraph({size: [-1, -1]})), 'model.json');
    await model.useLayers(['pooled', 'relu']);
    await expect(model.run(picture(2), ['pooled'])).rejects.toMatchObject({
      code: 'model-output',
      message: "model model.json: its output 'pooled' has the shape [1, 6], expected a layer's [n, h, w, c]",
    });
    await expect(model.run(picture(2, 8, 8), ['relu'])).resolves.toHaveProperty('size', 1);
  });

  test('without a position, or with a value that is not finite, fail the image', async () => {
    const slice = await opened(
      [{operator: 'Slice', inputs: ['image', 'from', 'to', 'axes'], outputs: ['out']}],
      [integers('from', [4]), integers('to', [100]), integers('axes', [2])],
    );
    await slice.useLayers(['out']);
    const image = (value: number): Raster => ({
      data: new Float64Array(16).fill(value),
      height: 4,
      width: 4,
      channels: 1,
      maximum: null,
    });
    await expect(slice.run(image(0), ['out'])).rejects.toMatchObject({
      code: 'too-small',
      message: "m.onnx's out has no position in an image of 4×4",
    });
    const log = await opened([{operator: 'Log', inputs: ['image'], outputs: ['out']}]);
    await log.useLayers(['out']);
    await expect(log.run(image(-1), ['out'])).rejects.toMatchObject({
      code: 'model-output',
      message: "model m.onnx: its output 'out' holds NaN, expected finite numbers",
    });
    await expect(log.run(image(2), ['out'])).resolves.toHaveProperty('size', 1);
  });
});
