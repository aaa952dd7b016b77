import {describe, expect, test} from 'vitest';
import {maskGeometry} from '../../kernels/mask-geometry.js';
import {readPng} from '../../png.js';
import {expectClose} from '../close.js';
import {bytes, type Rasters} from '../score.js';
import {classList, runMasks} from './runs.js';
import {slowBoundaryF, slowBoundaryIou} from './slow-shape.js';
import {expectOnSmallMasks, maskRaster, scorer} from './small-masks.js';

const {cases, masks, dataset} = maskGeometry();
const fixtures = new URL('../../../fixtures/masks/', import.meta.url);

async function pairOf(key: string): Promise<Rasters> {
  const read = (role: string) => readPng(new URL(`${role}/${key}.png`, fixtures));
  return {pred: await read('pred'), target: await read('target')};
}

test.each([1, 2, 3])('boundary-iou of bands of %i pixels agrees with its slow form', (dilation) =>
  expectOnSmallMasks({type: 'boundary-iou', dilation}, slowBoundaryIou(dilation)),
);

test.each([1, 2, 2.5])('boundary-f at a tolerance of %d pixels agrees with its slow form', (tolerance) =>
  expectOnSmallMasks({type: 'boundary-f', tolerance}, slowBoundaryF(tolerance)),
);

test('form loss is one minus the metric', async () => {
  await expectOnSmallMasks({type: 'boundary-iou', dilation: 1, form: 'loss'}, (small) => 1 - slowBoundaryIou(1)(small));
  await expectOnSmallMasks({type: 'boundary-f', tolerance: 1, form: 'loss'}, (small) => 1 - slowBoundaryF(1)(small));
});

test('both are those of the released code of their authors, on OpenCV', async () => {
  for (const one of cases) {
    const {height, width, dilation, radius} = one;
    const rasters = {pred: maskRaster(height, width, one.pred), target: maskRaster(height, width, one.target)};
    const iou = await scorer({type: 'boundary-iou', dilation});
    expectClose(iou(rasters)[''], one['boundary-iou'], {relative: 1e-12, floor: 0});
    const f = await scorer({type: 'boundary-f', tolerance: radius});
    expectClose(f(rasters)[''], one['boundary-f'] ?? Number.NaN, {relative: 1e-12, floor: 0});
  }
});

describe.each(['boundary-iou', 'boundary-f'] as const)('%s of masks/, by the diagonal', (type) => {
  test.each(Object.entries(masks))('%s', async (key, expected) => {
    const score = await scorer({type});
    expectClose(score(await pairOf(key))[''], expected[type], {relative: 1e-12, floor: 0});
  });

  test('all of them, the empty ones among them', async () => {
    const samples = await Promise.all([...Object.keys(masks), '021', '022', '023'].map(pairOf));
    const {summary} = await runMasks({type}, samples);
    expectClose(summary[type]?.dataset as number, dataset[type], {relative: 1e-12, floor: 0});
  });
});

test('a band is rounded half to even, and at least a pixel wide', async () => {
  // 75 × 100: a diagonal of 125, so 2.5 pixels, which are 2.
  const square = (side: number) =>
    maskRaster(
      75,
      100,
      Array.from({length: 7500}, (_, i) => Number(i / 100 < side && i % 100 < side)),
    );
  const sample = {pred: square(20), target: square(21)};
  const [byShare, ofTwo] = [await scorer({type: 'boundary-iou'}), await scorer({type: 'boundary-iou', dilation: 2})];
  expect(byShare(sample)).toEqual(ofTwo(sample));
  const tiny = {
    pred: maskRaster(3, 3, [1, 1, 1, 1, 1, 1, 1, 1, 1]),
    target: maskRaster(3, 3, [1, 1, 1, 1, 0, 1, 1, 1, 1]),
  };
  expect(byShare(tiny)).toMatchObject({'': 1});
});

test('two full masks have bands but no boundary', async () => {
  const full = maskRaster(4, 4, Array(16).fill(1));
  expect((await scorer({type: 'boundary-iou'}))({pred: full, target: full})).toEqual({
    '': 1,
    intersection: 12,
    union: 12,
  });
  expect((await scorer({type: 'boundary-f'}))({pred: full, target: full})).toEqual({
    '': {undefined: 'neither mask has a boundary'},
    pred: 0,
    target: 0,
    matched_pred: 0,
    matched_target: 0,
  });
});

describe('dataset', () => {
  const [none, line, long, other] = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 1, 1, 0, 0, 0, 0],
    [0, 1, 1, 1, 1, 1, 0],
    [0, 0, 0, 0, 1, 1, 0],
  ].map((mask) => maskRaster(1, 7, mask));
  const rows = [
    {pred: line, target: long},
    {pred: line, target: line},
    {pred: none, target: none},
    {pred: other, target: none},
  ] as readonly Rasters[];

  test('boundary IoU is of intersections and unions summed', async () => {
    // A line one pixel high is all band: 2 of 5, 2 of 2, nothing, 0 of 2.
    const {summary} = await runMasks({type: 'boundary-iou', dilation: 1}, rows);
    expect(summary['boundary-iou']).toMatchObject({dataset: 4 / 9, count: 3, undefined: 1});
    const loss = await runMasks({type: 'boundary-iou', dilation: 1, form: 'loss'}, rows);
    expect(loss.summary['boundary-iou']?.dataset).toBeCloseTo(5 / 9, 12);
  });

  test('boundary F is of boundary pixels summed, all and matched', async () => {
    // A boundary pixel is left of a change: at 0 and 2 for line, 0 and 5 for long, 3 and 5 for other.
    const {rows: cells, summary} = await runMasks({type: 'boundary-f', tolerance: 0}, rows);
    expect(cells[0]).toEqual({'': 0.5, pred: 2, target: 2, matched_pred: 1, matched_target: 1});
    expect(cells[3]).toEqual({'': 0, pred: 2, target: 0, matched_pred: 0, matched_target: 0});
    const [precision, recall] = [3 / 6, 3 / 4];
    expect(summary['boundary-f']?.dataset).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
  });

  test.each(['boundary-iou', 'boundary-f'])('%s of nothing, or of ignored pixels only, is null', async (type) => {
    const empty = [{pred: none, target: none}] as readonly Rasters[];
    const ignored = [{...rows[0], ignore: bytes(1, 7, 1, Array(7).fill(1))}] as readonly Rasters[];
    for (const samples of [empty, ignored, []]) {
      expect((await runMasks({type}, samples)).summary[type]?.dataset).toBeNull();
    }
  });

  test('of several classes it is the mean over those that are anywhere', async () => {
    const classes = classList('sky', 'a.b', 'car');
    const ids = (values: readonly number[]) => bytes(1, 7, 1, values);
    const samples = [
      {pred: ids([0, 1, 1, 0, 0, 0, 0]), target: ids([0, 1, 1, 1, 0, 0, 0])},
      {pred: ids([0, 1, 0, 0, 0, 0, 0]), target: ids([0, 0, 0, 0, 0, 0, 0])},
    ];
    const {summary} = await runMasks({type: 'boundary-iou', dilation: 1, background: false}, samples, classes);
    expect(summary['boundary-iou']).toMatchObject({dataset: 2 / 4, per_class: {'a.b': 2 / 4, car: null}});
    const all = await runMasks({type: 'boundary-iou', dilation: 1}, samples, classes);
    expect(all.summary['boundary-iou']).toMatchObject({dataset: (10 / 12 + 2 / 4) / 2, per_class: {sky: 10 / 12}});
  });
});
