import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {openModel} from '../../src/models/open.js';
import {picture, scratch, spec} from './scratch.js';
import {DIMENSIONS, expected, smallGraph, smallLayers, smallOnnx} from './small-model.js';

const KINDS = {
  onnx: {files: {'model.onnx': smallOnnx()}, file: 'model.onnx', layout: 'nchw', format: 'onnx'},
  graph: {files: smallGraph(), file: 'model.json', layout: 'nhwc', format: 'tfjs-graph'},
  layers: {files: smallLayers(), file: 'model.json', layout: 'nhwc', format: 'tfjs-layers'},
};

describe.each(Object.entries(KINDS))('%s', (_kind, {files, file, layout, format}) => {
  test('what it takes is read from the model, what it gives is its definition', async () => {
    const folder = scratch(files);
    const model = await openModel(spec(join(folder, file), {mean: [0.4, 0.5, 0.6], std: 0.25, color: 'bgr'}));
    expect(model).toMatchObject({format, output: expect.any(String), outputShape: [DIMENSIONS]});
    expect(model.input).toMatchObject({layout, size: [8, 8], channels: 3, batch: null, element: 'float32'});
    const images = [1, 2, 3].map((seed) => picture(seed));
    const outputs = await model.run(images);
    for (const [i, {data}] of images.entries()) {
      const scaled = Array.from(data, (_, at) => {
        const channel = at % 3;
        const pixel = (data[at - channel + 2 - channel] as number) / 255;
        return (pixel - ([0.4, 0.5, 0.6][channel] as number)) / 0.25;
      });
      const wanted = expected(scaled, 8, 8);
      outputs[i]?.values.forEach((value, d) => {
        expect(Math.abs(value - (wanted[d] as number))).toBeLessThan(1e-5);
      });
    }
    expect((await model.run([images[1] as (typeof images)[0]]))[0]).toEqual(outputs[1]);
    await model.close();
  });
});
