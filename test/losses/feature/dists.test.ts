import {beforeAll, describe, expect, test} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import {NetworkLibrary} from '../../../src/networks/open.js';
import {expectClose} from '../close.js';
import {evaluator} from '../conformance/evaluator.js';
import {random} from '../random.js';
import {floats, wasm} from '../score.js';
import {published, referenceSquare} from './reference-squares.js';
import {CLOSE, eachForm, photographs} from './setup.js';
import {type Activations, activations} from './slow-features.js';

const LAYERS = ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3', 'relu5_3'];
const HASHED = {weights: {hashed: 0}} as const;
const REQUEST = {network: 'vgg16', ...HASHED, pooling: 'l2', input: 'weights'} as const;

let pred: Raster;
let target: Raster;

beforeAll(async () => {
  ({pred, target} = await photographs());
});

test.each(['002', '007'])("the authors' value in every form: photo %s", async (key) => {
  const rasters = {pred: await referenceSquare('pred', key), target: await referenceSquare('target', key)};
  await eachForm('dists', HASHED, rasters, (column, form) => {
    expectClose(column(''), published.dists[key]?.value as number, CLOSE, form);
  });
});

/** Σ_c α·(1 − l) + β·(1 − s) over the sum of all weights, with l and s as the paper writes them. */
function slowTerm(x: Activations, y: Activations, alpha: Float32Array, beta: Float32Array, total: number): number {
  const positions = x.height * x.width;
  const mean = (of: (p: number) => number) => {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum += of(p);
    return sum / positions;
  };
  let term = 0;
  for (let c = 0; c < x.channels; c++) {
    const [at, other] = [x, y].map(
      ({data, channels}) =>
        (p: number) =>
          data[p * channels + c] as number,
    ) as [(p: number) => number, (p: number) => number];
    const [mx, my] = [mean(at), mean(other)];
    const texture = (2 * mx * my + 1e-6) / (mx ** 2 + my ** 2 + 1e-6);
    const variances = mean((p) => (at(p) - mx) ** 2) + mean((p) => (other(p) - my) ** 2);
    const structure = (2 * (mean((p) => at(p) * other(p)) - mx * my) + 1e-6) / (variances + 1e-6);
    term += ((alpha[c] as number) * (1 - texture) + (beta[c] as number) * (1 - structure)) / total;
  }
  return term;
}

describe('each layer is a column', () => {
  let weights: Readonly<Record<string, Float32Array>>;

  beforeAll(async () => {
    const library = new NetworkLibrary(await wasm());
    weights = await (await library.open(REQUEST)).published('dists');
    await library.close();
  });

  async function expectColumns(rasters: {pred: Raster; target: Raster}, images = rasters) {
    const total = Object.values(weights).reduce((sum, values) => values.reduce((all, value) => all + value, sum), 0);
    const [x, y] = await Promise.all(
      [images.pred, images.target].map(async (image) => ({
        ...(await activations(image, LAYERS, REQUEST)),
        image: {...image, data: Float32Array.from(image.data)},
      })),
    );
    await eachForm('dists', HASHED, rasters, (column, form) => {
      for (const layer of ['image', ...LAYERS]) {
        const of = (letter: string) => weights[`${layer}.${letter}`] as Float32Array;
        const [ofX, ofY] = [x, y].map((all) => (all as Readonly<Record<string, Activations>>)[layer]) as [
          Activations,
          Activations,
        ];
        // A structure of nearly 1 leaves few digits in 1 − s.
        const tolerance = {relative: 5e-5, floor: 1e-8};
        expectClose(column(layer), slowTerm(ofX, ofY, of('alpha'), of('beta'), total), tolerance, `${layer}, ${form}`);
      }
    });
  }

  test('of colour images, before the sum', () => expectColumns({pred, target}));

  test('grey is three equal channels', () => {
    const grey = ({data, height, width}: Raster) =>
      floats(
        height,
        width,
        1,
        data.filter((_, i) => i % 3 === 1),
      );
    const colour = ({data, height, width}: Raster) =>
      floats(
        height,
        width,
        3,
        Array.from({length: 3 * data.length}, (_, i) => data[Math.floor(i / 3)] as number),
      );
    const [p, t] = [grey(pred), grey(target)];
    return expectColumns({pred: p, target: t}, {pred: colour(p), target: colour(t)});
  });
});

test('sees values in 0..1 whatever the range', async () => {
  const scaled = (image: Raster) => ({...image, data: Float64Array.from(image.data, (value) => 255 * value)});
  const expected = (await (await evaluator('dists', HASHED)).values('tensor', [{pred, target}]))[0] as number;
  const rasters = {pred: scaled(pred), target: scaled(target)};
  await eachForm('dists', {...HASHED, range: [0, 255]}, rasters, (column, form) => {
    expectClose(column(''), expected, CLOSE, form);
  });
});

test('one target for a batch is compared with each sample', async () => {
  const loss = await evaluator('dists', HASHED);
  const cells = await loss.cells('tensor', [
    {pred, target},
    {pred: target, target},
  ]);
  expectClose(cells['']?.[0], (await loss.values('tensor', [{pred, target}]))[0] as number);
  expect(cells['']?.[1]).toBe(0);
});

test.each([
  [1, 1],
  [2, 1],
  [3, 5],
])('has a value at %i×%i, the same in every form', async (height, width) => {
  const small = (seed: number) => {
    const next = random(seed);
    return floats(
      height,
      width,
      3,
      Array.from({length: height * width * 3}, () => next()),
    );
  };
  const rasters = {pred: small(1), target: small(2)};
  const [expected] = (await (await evaluator('dists', HASHED)).values('network', [rasters])) as [number];
  expect(expected).toBeGreaterThan(0);
  await eachForm('dists', HASHED, rasters, (column, form) => {
    expectClose(column(''), expected, CLOSE, form);
  });
});

test('flat images differ by their colours alone', async () => {
  const flat = (level: number) => floats(9, 7, 3, new Float64Array(9 * 7 * 3).fill(level));
  const loss = await evaluator('dists', HASHED);
  for (const form of loss.forms) {
    const [same, near, far] = (await loss.values(form, [
      {pred: flat(0.5), target: flat(0.5)},
      {pred: flat(0.5), target: flat(0.6)},
      {pred: flat(0.1), target: flat(0.9)},
    ])) as number[];
    expect(same).toBe(0);
    expect(near).toBeGreaterThan(0);
    expect(far).toBeGreaterThan(2 * (near as number));
  }
});
