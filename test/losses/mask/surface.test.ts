import {describe, expect, test} from 'vitest';
import {maskGeometry} from '../../kernels/mask-geometry.js';
import {expectClose} from '../close.js';
import type {LossConfig} from '../score.js';
import {slowAssd, slowHausdorff, slowSurfaceDice} from './slow-shape.js';
import {expectOnSmallMasks, maskRaster, type SlowForm, scorer} from './small-masks.js';

const forms: readonly [LossConfig, SlowForm][] = [
  [{type: 'hausdorff'}, slowHausdorff(100)],
  [{type: 'hausdorff', percentile: 95}, slowHausdorff(95)],
  [{type: 'hausdorff', percentile: 50, spacing: [0.5, 2]}, slowHausdorff(50, [0.5, 2])],
  [{type: 'assd'}, slowAssd()],
  [{type: 'assd', spacing: [3, 1.3]}, slowAssd([3, 1.3])],
  [{type: 'surface-dice'}, slowSurfaceDice(1)],
  [{type: 'surface-dice', tolerance: 0}, slowSurfaceDice(0)],
  [{type: 'surface-dice', tolerance: 2.3, form: 'loss'}, (masks) => 1 - slowSurfaceDice(2.3)(masks)],
];

test.each(forms)('%j agrees with its slow form', (config, slow) => expectOnSmallMasks(config, slow));

describe('as scipy has it', () => {
  test.each([
    ['hausdorff', {type: 'hausdorff'}],
    ['hausdorff-95', {type: 'hausdorff', percentile: 95}],
    ['assd', {type: 'assd'}],
    ['surface-dice-1.5', {type: 'surface-dice', tolerance: 1.5}],
  ] as const)('%s, in any spacing', async (name, config) => {
    for (const {height, width, pred, target, spacing, surface} of maskGeometry().cases) {
      const score = await scorer({...config, spacing});
      const cells = score({pred: maskRaster(height, width, pred), target: maskRaster(height, width, target)});
      expectClose(cells[''], surface[name], {relative: 1e-12, floor: 1e-12});
    }
  });
});

test('a tolerance is not missed by the rounding of a spacing', async () => {
  const score = await scorer({type: 'surface-dice', spacing: [0.1, 0.1], tolerance: 0.3});
  const line = (x: number) =>
    maskRaster(
      1,
      9,
      Array.from({length: 9}, (_, i) => Number(i === x)),
    );
  expect(score({pred: line(1), target: line(4)})).toEqual({'': 1});
  expect(score({pred: line(1), target: line(5)})).toEqual({'': 0});
});
