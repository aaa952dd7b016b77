import {symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {selectOutputs} from '../../src/models/onnx/select-outputs.js';
import {openModel} from '../../src/models/open.js';
import {floats, ONNX, onnxModel} from './onnx-file.js';
import {picture, scratch, spec} from './scratch.js';
import {expectedPooled, type Files, smallGraph, smallLayers, smallOnnx} from './small-model.js';

const IMAGE = {name: 'image', element: ONNX.float, shape: ['n', 3, 8, 8]};
const OUT = {name: 'out', element: ONNX.float};

/** Pixels in [0, 1], plane by plane. */
function planes(seed: number): number[] {
  const {data} = picture(seed);
  return [0, 1, 2].flatMap((c) => Array.from({length: 64}, (_, i) => (data[3 * i + c] as number) / 255));
}

/** A model whose weights are in another file: what it adds to an image, before a relu. */
function shifted(location: string): Uint8Array {
  return onnxModel({
    nodes: [
      {operator: 'Add', inputs: ['image', 'shift'], outputs: ['shifted']},
      {operator: 'Relu', inputs: ['shifted'], outputs: ['out']},
    ],
    inputs: [IMAGE],
    outputs: [OUT],
    constants: [{name: 'shift', element: ONNX.float, shape: [1], bytes: {location}}],
  });
}

async function run(files: Files, file: string, output: string): Promise<readonly number[]> {
  const model = await openModel(spec(join(scratch(files), file), {output}));
  const [made] = await model.run([picture(1)]);
  await model.close();
  return [...(made?.values ?? [])];
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));

describe('a value inside of a model is an output where its name is asked for', () => {
  const kinds: readonly [string, Files, string][] = [
    ['onnx', {'m.onnx': smallOnnx()}, 'm.onnx'],
    ['graph', smallGraph(), 'model.json'],
    ['layers', smallLayers(), 'model.json'],
  ];
  test.each(kinds)('%s', async (_kind, files, file) => {
    const model = await openModel(spec(join(scratch(files), file), {output: 'pooled'}));
    expect(model).toMatchObject({output: 'pooled', outputShape: [6]});
    for (const seed of [1, 2]) {
      const image = picture(seed);
      const [made] = await model.run([image]);
      const wanted = expectedPooled(
        Array.from(image.data, (pixel) => pixel / 255),
        8,
        8,
      );
      expect([...(made?.values ?? [])]).toEqual(near(wanted));
    }
    await model.close();
  });

  test.each(kinds)('%s: a name that is nowhere', async (kind, files, file) => {
    const open = (output: string) => openModel(spec(join(scratch(files), file), {output}), {name: 'M'});
    await expect(open('poolde')).rejects.toThrow(/^model M has no output 'poolde'; did you mean 'pooled'\?$/);
    const list =
      kind === 'layers' ? 'conv, pooled' : kind === 'onnx' ? 'conv, relu, pooled' : 'conv, biased, relu, pooled';
    await expect(open('logits')).rejects.toThrow(
      new RegExp(`^model M has no output 'logits'; expected \\w+, or a value inside of it: ${list}$`),
    );
  });
});

describe('ONNX', () => {
  test('what comes after the value counts no more: another input, an operator that is not known', async () => {
    const bytes = onnxModel({
      nodes: [
        {name: 'first node', operator: 'Neg', inputs: ['image'], outputs: ['negative']},
        {operator: 'Add', inputs: ['negative', 'noise'], outputs: ['noisy']},
        {operator: 'Blur', inputs: ['noisy'], outputs: ['out']},
      ],
      inputs: [IMAGE, {...IMAGE, name: 'noise'}],
      outputs: [OUT],
    });
    const wanted = near(planes(1).map((value) => -value));
    expect(await run({'m.onnx': bytes}, 'm.onnx', 'negative')).toEqual(wanted);
    expect(await run({'m.onnx': bytes}, 'm.onnx', 'first node')).toEqual(wanted);
  });

  test('what a subgraph reads of the graph around it is kept', async () => {
    const branch = (factor: string) => ({
      nodes: [{operator: 'Mul', inputs: ['negative', factor], outputs: [`by ${factor}`]}],
      inputs: [],
      outputs: [{...OUT, name: `by ${factor}`}],
    });
    const bytes = onnxModel({
      nodes: [
        {operator: 'Neg', inputs: ['image'], outputs: ['negative']},
        {operator: 'ReduceMax', inputs: ['image'], outputs: ['most'], attributes: {keepdims: 0}},
        {operator: 'Greater', inputs: ['most', 'two'], outputs: ['isBright']},
        {
          operator: 'If',
          inputs: ['isBright'],
          outputs: ['chosen'],
          attributes: {then_branch: branch('two'), else_branch: branch('three')},
        },
        {operator: 'Relu', inputs: ['chosen'], outputs: ['out']},
      ],
      inputs: [IMAGE],
      outputs: [OUT],
      constants: [floats('two', [], [2]), floats('three', [], [3])],
    });
    expect(await run({'m.onnx': bytes}, 'm.onnx', 'chosen')).toEqual(near(planes(1).map((value) => -3 * value)));
  });

  test('weights beside the model are found from its folder', async () => {
    const bytes = shifted('data/shift.bin');
    const files = {'m.onnx': bytes, 'data/shift.bin': new Uint8Array(Float32Array.of(-5).buffer)};
    expect(await run(files, 'm.onnx', 'shifted')).toEqual(near(planes(1).map((value) => value - 5)));
  });

  test('weights that are links into a store of contents are found too', async () => {
    const bytes = shifted('shift.bin');
    const folder = scratch({'store/aa': bytes, 'store/bb': new Uint8Array(Float32Array.of(-5).buffer), 'm/x': ''});
    symlinkSync(join('..', 'store', 'aa'), join(folder, 'm', 'm.onnx'));
    symlinkSync(join('..', 'store', 'bb'), join(folder, 'm', 'shift.bin'));
    for (const [output, wanted] of [
      ['shifted', planes(1).map((value) => value - 5)],
      ['out', planes(1).map(() => 0)],
    ] as const) {
      const model = await openModel(spec(join(folder, 'm', 'm.onnx'), {output}));
      const [made] = await model.run([picture(1)]);
      expect([...(made?.values ?? [])]).toEqual(near(wanted));
      await model.close();
    }
  });

  test('a model that is cut at its own outputs keeps its bytes', () => {
    const bytes = smallOnnx();
    expect(Buffer.compare(selectOutputs(bytes, ['embedding']), bytes)).toBe(0);
    expect(() => selectOutputs(bytes, ['pooled', 'matrix'])).toThrow(new RangeError('no node gives matrix'));
  });

  test('several outputs come in the order in which they are asked for', async () => {
    const {InferenceSession, Tensor} = await import('onnxruntime-node');
    const session = await InferenceSession.create(selectOutputs(smallOnnx(), ['pooled', 'conv', 'embedding']));
    expect(session.outputNames).toEqual(['pooled', 'conv', 'embedding']);
    const pixels = planes(1);
    const made = await session.run({image: new Tensor('float32', Float32Array.from(pixels), [1, 3, 8, 8])});
    const whole = await InferenceSession.create(smallOnnx());
    const {embedding} = await whole.run({image: new Tensor('float32', Float32Array.from(pixels), [1, 3, 8, 8])});
    expect(made.embedding?.data).toEqual(embedding?.data);
    expect(made.conv?.dims).toEqual([1, 6, 6, 6]);
  });
});
