import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import type {Raster} from '../../src/images/raster.js';
import {resample} from '../../src/images/resample.js';
import {openModel} from '../../src/models/open.js';
import {readPng} from '../png.js';
import {spec} from './scratch.js';

/** An embedder of faces (HSE FaceRes, a MobileNet), as a package ships it: a graph model with three outputs. */
const FACERES = fileURLToPath(new URL('../../node_modules/@vladmandic/human/models/faceres.json', import.meta.url));

/** A part of an image, brighter by a factor, left and right exchanged where `flip` is set. */
function variant(
  {data, width, channels}: Raster,
  [top, left, size]: readonly [number, number, number],
  gain: number,
  flip: boolean,
): Raster {
  const out = new Uint8Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < channels; c++) {
        const from = ((top + y) * width + left + (flip ? size - 1 - x : x)) * channels + c;
        out[(y * size + x) * channels + c] = Math.min(255, Math.round((data[from] as number) * gain));
      }
    }
  }
  return {data: out, height: size, width: size, channels, maximum: 255};
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const photo = (name: string) => readPng(new URL(`../../fixtures/photos/target/${name}.png`, import.meta.url));

test('a model that a package ships: pictures of one subject are nearer than those of others', async () => {
  await expect(openModel(spec(FACERES), {name: 'faceres.json'})).rejects.toThrow(
    /^model faceres\.json has 3 outputs \(.*global_pooling\/Mean.*\); say which: output: NAME$/,
  );
  const model = await openModel(spec(FACERES, {output: 'global_pooling/Mean', range: [0, 255]}));
  expect(model).toMatchObject({format: 'tfjs-graph', outputShape: [1024], input: {size: [224, 224], layout: 'nhwc'}});
  const subjects: Float32Array[][] = [];
  for (const name of ['000', '003', '006', '009']) {
    const image = await photo(name);
    const variants = [
      variant(image, [60, 60, 400], 1, false),
      variant(image, [70, 52, 400], 0.9, false),
      variant(image, [64, 68, 380], 1, true),
    ];
    const outputs = await model.run(variants.map((one) => resample(one, 224, 224)));
    subjects.push(outputs.map(({values}) => values));
  }
  const all = subjects.flatMap((vectors, subject) => vectors.map((vector) => ({subject, vector})));
  for (const {subject, vector} of all) {
    const others = all.filter((other) => other.vector !== vector);
    const nearest = others.reduce((best, other) =>
      cosine(vector, other.vector) > cosine(vector, best.vector) ? other : best,
    );
    expect(nearest.subject).toBe(subject);
  }
  await model.close();
});
