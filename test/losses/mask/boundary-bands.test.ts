import {describe, expect, test} from 'vitest';
import {maskGeometry} from '../../kernels/mask-geometry.js';
import {readPng} from '../../png.js';
import {expectClose} from '../close.js';
import {slowBoundaryF, slowBoundaryIou} from './slow-shape.js';
import {expectOnSmallMasks, maskRaster, scorer} from './small-masks.js';

const {cases, masks} = maskGeometry();
const fixtures = new URL('../../../fixtures/masks/', import.meta.url);

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
    const [pred, target] = [
      await readPng(new URL(`pred/${key}.png`, fixtures)),
      await readPng(new URL(`target/${key}.png`, fixtures)),
    ];
    const score = await scorer({type});
    expectClose(score({pred, target})[''], expected[type], {relative: 1e-12, floor: 0});
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
  expect(byShare(tiny)).toEqual({'': 1});
});

test('two full masks have bands but no boundary', async () => {
  const full = maskRaster(4, 4, Array(16).fill(1));
  expect((await scorer({type: 'boundary-iou'}))({pred: full, target: full})).toEqual({'': 1});
  expect((await scorer({type: 'boundary-f'}))({pred: full, target: full})).toEqual({
    '': {undefined: 'neither mask has a boundary'},
  });
});
