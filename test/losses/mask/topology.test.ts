import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {floodBetti} from '../../kernels/flood-fill.js';
import {fullSweepSkeleton} from '../../kernels/full-sweep-skeleton.js';
import {maskGeometry} from '../../kernels/mask-geometry.js';
import {readPng} from '../../png.js';
import {expectClose} from '../close.js';
import type {Rasters} from '../score.js';
import {harmonic} from './slow-shape.js';
import {slowSoftClDice} from './slow-soft.js';
import {expectOnSmallMasks, maskRaster, type SlowForm, scorer} from './small-masks.js';

const fixtures = new URL('../../../fixtures/', import.meta.url);
const {cases, masks} = maskGeometry();

async function masksOf(key: string): Promise<Rasters> {
  const read = (role: string) => readPng(new URL(`masks/${role}/${key}.png`, fixtures));
  return {pred: await read('pred'), target: await read('target')};
}

describe('cl-dice', () => {
  const slow: SlowForm = ({pred, target, height, width}) => {
    if (!pred.includes(1) && !target.includes(1)) return Number.NaN;
    if (!pred.includes(1) || !target.includes(1)) return 0;
    const share = (of: readonly number[], within: readonly number[]) => {
      const skeleton = fullSweepSkeleton(of, height, width).flatMap((set, i) => (set ? [within[i] as number] : []));
      return skeleton.reduce((sum, inside) => sum + inside, 0) / skeleton.length;
    };
    return harmonic(share(pred, target), share(target, pred));
  };

  test('hard agrees with its slow form', () => expectOnSmallMasks({type: 'cl-dice'}, slow));

  test('hard, as a loss', () => expectOnSmallMasks({type: 'cl-dice', form: 'loss'}, (small) => 1 - slow(small)));

  test.each([
    [3, 1],
    [0, 1],
    [1, 0.01],
    [20, 2],
  ])('soft of %i iterations, smoothing %d, agrees with its slow form', (iterations, smooth) =>
    expectOnSmallMasks(
      {type: 'cl-dice', mode: 'soft', input: 'probabilities', iterations, smooth},
      slowSoftClDice(iterations, smooth),
      {soft: true},
    ),
  );

  test('hard is that of scikit-image on small masks', async () => {
    const score = await scorer({type: 'cl-dice'});
    for (const {height, width, pred, target, 'cl-dice': expected} of cases) {
      const rasters = {pred: maskRaster(height, width, pred), target: maskRaster(height, width, target)};
      expectClose(score(rasters)[''], expected, {relative: 1e-12, floor: 0});
    }
  });

  test.each(Object.entries(masks))('hard is that of scikit-image on masks/%s', async (key, expected) => {
    const score = await scorer({type: 'cl-dice'});
    expectClose(score(await masksOf(key))[''], expected['cl-dice'], {relative: 1e-12, floor: 0});
  });
});

interface BettiCase {
  readonly number: 'beta0' | 'beta1';
  readonly connectivity: '8/4' | '4/8';
  readonly values: Readonly<Record<string, {readonly pred: number; readonly target: number}>>;
}

describe('betti', () => {
  test.each([
    ['8/4', 8],
    ['4/8', 4],
  ] as const)('%s agrees with a flood fill', (connectivity, neighbours) =>
    expectOnSmallMasks({type: 'betti', connectivity}, ({pred, target, valid, height, width}) => {
      if (!valid.includes(1)) return Number.NaN;
      const [found, truth] = [pred, target].map((mask) => floodBetti(mask, height, width, neighbours));
      if (!found || !truth) return Number.NaN;
      return Math.abs(found.beta0 - truth.beta0) + Math.abs(found.beta1 - truth.beta1);
    }),
  );

  const {betti} = JSON.parse(readFileSync(new URL('masks.json', fixtures), 'utf8')) as {betti: BettiCase[]};

  test.each(betti)('$number, $connectivity, is that of gudhi on masks/', async ({number, connectivity, values}) => {
    const score = await scorer({type: 'betti', connectivity});
    for (const [key, {pred, target}] of Object.entries(values)) {
      const cells = score(await masksOf(key));
      expect(cells[number], key).toBe(Math.abs(pred - target));
      expect(cells['']).toBe((cells.beta0 as number) + (cells.beta1 as number));
    }
  });
});
