import {join} from 'node:path';
import {afterEach, describe, expect, test, vi} from 'vitest';
import {UsageError} from '../../src/errors.js';
import type {ModelSpec} from '../../src/models/model.js';
import {openModel} from '../../src/models/open.js';
import {floats, ONNX, onnxModel} from './onnx-file.js';
import {scratch, spec} from './scratch.js';
import {type Files, smallGraph, smallLayers, smallOnnx} from './small-model.js';
import {external, twoOutputs, unknownOperator} from './wrong-files.js';

const IMAGE = {name: 'image', element: ONNX.float, shape: ['n', 3, 8, 8]};
const OUT = {name: 'out', element: ONNX.float, shape: ['n', 3, 8, 8]};

function identity(shape: readonly (number | string)[], element: number = ONNX.float): Uint8Array {
  return onnxModel({
    nodes: [{operator: 'Identity', inputs: ['image'], outputs: ['out']}],
    inputs: [{name: 'image', element, shape}],
    outputs: [{name: 'out', element}],
  });
}

const twoInputs = onnxModel({
  nodes: [{operator: 'Add', inputs: ['image', 'noise'], outputs: ['out']}],
  inputs: [IMAGE, {...IMAGE, name: 'noise'}],
  outputs: [OUT],
});

/** Two images at once, and one vector of both. */
const mixed = onnxModel({
  nodes: [{operator: 'ReduceMean', inputs: ['image'], outputs: ['out'], attributes: {axes: [0, 2, 3], keepdims: 0}}],
  inputs: [{...IMAGE, shape: [2, 3, 8, 8]}],
  outputs: [{...OUT, shape: [3]}],
});

const misfit = onnxModel({
  nodes: [{operator: 'MatMul', inputs: ['image', 'matrix'], outputs: ['out']}],
  inputs: [{...IMAGE, shape: ['n', 3, 'h', 'w']}],
  outputs: [{name: 'out', element: ONNX.float}],
  constants: [floats('matrix', [5, 2], new Float32Array(10))],
});

type Case = readonly [string, Files, string, Partial<ModelSpec>, string];

const onnx = (bytes: Uint8Array): Files => ({'m.onnx': bytes});

const CASES: readonly Case[] = [
  ['no such file', {}, 'm.onnx', {}, 'model M cannot be read: no such file'],
  [
    'a model.json that nests',
    {'model.json': `{"modelTopology": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`},
    'model.json',
    {},
    'model M is no JSON (nested too deeply, expected at most 200 levels)',
  ],
  [
    'a model.json with control characters',
    {'model.json': '{"format": \u001b[31m}'},
    'model.json',
    {},
    "model M is no JSON (Unexpected token '\\u{1b}'",
  ],
  [
    'a model.json whose format is no text',
    {'model.json': '{"format": [["\u009b"]], "modelTopology": {}}'},
    'model.json',
    {},
    'expected a model of format graph-model or layers-model, got none',
  ],
  ['another extension', {'m.pt': 'x'}, 'm.pt', {}, 'expected an .onnx file or the model.json of TensorFlow.js'],
  ['no ONNX', {'m.onnx': 'not a model'}, 'm.onnx', {}, 'model M '],
  [
    'another rank',
    onnx(identity(['n', 3, 8])),
    'm.onnx',
    {},
    "its input 'image' has the shape [any, 3, 8], expected the four",
  ],
  [
    'five channels',
    onnx(identity(['n', 5, 8, 8])),
    'm.onnx',
    {},
    'has 5 channels as NCHW (shape [any, 5, 8, 8]), expected 1 or 3',
  ],
  ['layout that could be both', onnx(identity(['n', 3, 8, 3])), 'm.onnx', {}, 'say layout: nchw or nhwc'],
  [
    'another size',
    onnx(identity(['n', 3, 8, 8])),
    'm.onnx',
    {size: [16, 8]},
    'takes images of [8, 8] (height, width), and size says [16, 8]',
  ],
  [
    'half a size',
    onnx(identity(['n', 3, 8, 'w'])),
    'm.onnx',
    {},
    'takes images of 8 x any width; say size: [height, width]',
  ],
  [
    'grey for colours',
    onnx(identity(['n', 3, 8, 8])),
    'm.onnx',
    {color: 'grey'},
    'takes 3 channels, and color: grey gives 1',
  ],
  [
    'colours for grey',
    onnx(identity(['n', 1, 8, 8])),
    'm.onnx',
    {color: 'bgr'},
    'takes 1 channels, and color: bgr gives 3',
  ],
  [
    'a mean of two',
    onnx(identity(['n', 3, 8, 8])),
    'm.onnx',
    {mean: [1, 2]},
    'takes 3 channels, and mean has 2 numbers',
  ],
  ['a std of 0', onnx(identity(['n', 3, 8, 8])), 'm.onnx', {std: [1, 0, 1]}, 'std is 0'],
  [
    'bytes that overflow',
    onnx(identity(['n', 3, 8, 8], ONNX.uint8)),
    'm.onnx',
    {mean: 10},
    'takes uint8, 0 to 255, and range, mean and std make -10 of a pixel',
  ],
  ['text', onnx(identity(['n', 3, 8, 8], ONNX.string)), 'm.onnx', {}, 'takes string, expected numbers'],
  ['two inputs', onnx(twoInputs), 'm.onnx', {}, 'has 2 inputs (image, noise); expected one, which takes an image'],
  ['two outputs', onnx(twoOutputs), 'm.onnx', {}, 'has 2 outputs (out, other); say which: output: NAME'],
  ['no such output', onnx(twoOutputs), 'm.onnx', {output: 'third'}, "has no output 'third'; expected out, other"],
  ['an unknown operator', onnx(unknownOperator), 'm.onnx', {}, 'Blur'],
  [
    'external data missing',
    onnx(external('w.bin')),
    'm.onnx',
    {},
    "external data 'w.bin' is missing; put it beside the model",
  ],
  [
    'external data above',
    onnx(external('../w.bin')),
    'm.onnx',
    {},
    "external data '../w.bin' lies outside the model's folder",
  ],
  ['external data elsewhere', onnx(external('/etc/passwd')), 'm.onnx', {}, "lies outside the model's folder"],
  ['external data that climbs late', onnx(external('a/../../w.bin')), 'm.onnx', {}, "lies outside the model's folder"],
  [
    'a batch that is not kept apart',
    onnx(mixed),
    'm.onnx',
    {},
    'takes 2 images at once, and its output has the shape [3]; expected 2 first',
  ],
  [
    'a graph that does not fit',
    onnx(misfit),
    'm.onnx',
    {size: [8, 8]},
    'model M cannot be run on an input of [1, 3, 8, 8]: ',
  ],
  ['no JSON', {'model.json': '{'}, 'model.json', {}, 'model M is no JSON'],
  ['another JSON', {'model.json': '{"a": 1}'}, 'model.json', {}, 'it has no modelTopology'],
  [
    'weights that climb out',
    smallGraph({path: '../weights.bin'}),
    'model.json',
    {},
    "weights '../weights.bin' lies outside the model's folder",
  ],
  [
    'weights at an address',
    smallLayers({path: 'https://example.com/w.bin'}),
    'model.json',
    {},
    "lies outside the model's folder",
  ],
  [
    'weights missing',
    {'model.json': smallLayers()['model.json'] as string},
    'model.json',
    {},
    "weights 'weights.bin' is missing",
  ],
  [
    'weights cut short',
    {...smallLayers(), 'weights.bin': 'abcd'},
    'model.json',
    {},
    'its weights have 4 bytes, expected 768; copy the shards again',
  ],
  [
    'an unknown operator of TensorFlow',
    smallGraph({last: 'Blur'}),
    'model.json',
    {},
    "TensorFlow.js does not know its operator 'Blur'; convert",
  ],
];

describe('each wrong model is one line, before an image is read', () => {
  test.each(CASES)('%s', async (_name, files, file, said, message) => {
    const folder = scratch(files);
    const opened = openModel(spec(join(folder, file), said), {name: 'M'});
    const error = await opened.then(
      () => null,
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect(error?.message).toContain(message);
    expect(error?.message).toMatch(/^model M|^M: /);
    expect(error?.message).not.toMatch(/\n/);
    expect(error?.message).not.toContain(folder);
  });
});

test('a well-made model with another size does not count as wrong', async () => {
  const folder = scratch(onnx(smallOnnx({size: ['h', 'w']})));
  const model = await openModel(spec(join(folder, 'm.onnx'), {size: [12, 9]}));
  expect(model.input.size).toEqual([12, 9]);
  await model.close();
});

describe('without ONNX Runtime', () => {
  afterEach(() => {
    vi.doUnmock('onnxruntime-node');
    vi.resetModules();
  });

  test.each([
    ["Cannot find package 'onnxruntime-node' imported from here", 'onnxruntime-node is not installed'],
    ['GLIBC_2.99 not found', 'onnxruntime-node does not load (GLIBC_2.99 not found)'],
  ])('%s: one line with the remedy', async (thrown, reason) => {
    vi.resetModules();
    // The module throws when it is first touched, as vitest puts its own error around what a factory throws.
    vi.doMock('onnxruntime-node', () => ({
      get env() {
        throw new Error(thrown);
      },
    }));
    const fresh = await import('../../src/models/open.js');
    const folder = scratch(onnx(smallOnnx()));
    await expect(fresh.openModel(spec(join(folder, 'm.onnx')), {name: 'M'})).rejects.toThrow(
      `model M needs ONNX Runtime, and ${reason}: npm install onnxruntime-node --ignore-scripts`,
    );
  });
});
