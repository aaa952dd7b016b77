import {describe, expect, test} from 'vitest';
import {expectClose, TOLERANCE} from '../close.js';
import {onDevice} from '../device.js';
import {pick, random} from '../random.js';
import {type Options, plainSample} from '../reference/sample.js';
import type {Rasters} from '../score.js';
import {declaredLosses} from './declarations.js';
import {evaluator} from './evaluator.js';
import {randomIgnore, randomSample, randomWeights, type Shape} from './inputs.js';

const SIZES = [
  [1, 1],
  [1, 7],
  [7, 1],
  [5, 3],
  [17, 31],
  [64, 64],
  [33, 65],
] as const;

const VIEWS: readonly Options[] = [
  {},
  {range: [0, 255]},
  {range: [-1, 1]},
  {color: 'luma'},
  {color: 'luma8'},
  {color: 'ycbcr-y', range: [0, 255]},
  {crop_border: 1},
  {color: 'luma', crop_border: 2, range: [-1, 1]},
];

const ROLES = [[], ['weight'], ['ignore'], ['weight', 'ignore']] as const;

const referenced = declaredLosses.flatMap(({reference, ...declared}) => (reference ? [{...declared, reference}] : []));

describe.each(referenced)(
  '$id agrees with its float64 form',
  ({id, variants, reference, tensorTolerance = TOLERANCE}) => {
    const compare = async (options: Options, rasters: Rasters, where: string) => {
      const loss = await evaluator(id, options);
      const expected = reference(plainSample(rasters, options), options);
      for (const form of loss.forms) {
        const [cell] = await loss.values(form, [rasters]);
        expectClose(
          cell,
          expected,
          form === 'tensor' ? onDevice(tensorTolerance) : TOLERANCE,
          `${form} form, ${where}`,
        );
      }
    };

    const setups = variants.flatMap(({inputs, options}) =>
      VIEWS.flatMap((view) => ROLES.map((roles) => ({inputs, roles, options: {...view, ...options}}))),
    );

    test.each(SIZES)('at %i×%i', async (height, width) => {
      const next = random(height * 1000 + width);
      for (const {inputs, roles, options} of setups) {
        if (Math.min(height, width) <= 2 * borderOf(options)) continue;
        const shape: Shape = {height, width, channels: pick(next, [1, 3])};
        const maps = {weight: randomWeights(shape, next), ignore: randomIgnore(shape, next)};
        const given = Object.fromEntries(roles.map((role) => [role, maps[role]]));
        const rasters = {...randomSample(inputs, shape, next), ...given};
        await compare(options, rasters, `${JSON.stringify({...options, ...shape})} ${roles}`);
      }
    });

    test.each([1e-6, 1e-3, 30, 1e5])('on differences of about %d', async (scale) => {
      const next = random(7);
      const {pred, target} = randomSample('images', {height: 9, width: 14, channels: 3}, next, 'float');
      if (!pred || !target) throw new Error('no images');
      const data = Float64Array.from(target.data, (v, i) => v + scale * ((pred.data[i] as number) - 0.5));
      for (const {options = {}} of variants) {
        await compare(options, {pred: {...pred, data}, target}, JSON.stringify(options));
      }
    });
  },
);

describe.each(referenced.filter(({id}) => ['mse', 'mae', 'total-variation'].includes(id)))(
  '$id at 4096×4096',
  ({id, reference}) => {
    test('agrees with its float64 form', async () => {
      const size = {height: 4096, width: 4096, channels: 1};
      // A block of noise again and again, its length prime so that no two rows are alike.
      const next = random(4096);
      const block = Uint8Array.from({length: 65537}, () => Math.floor(40 + 60 * next()));
      const levels = (shift: number) => {
        const data = new Uint8Array(2 ** 24);
        for (let i = 0; i < data.length; i++) data[i] = block[(i + shift) % block.length] as number;
        return data;
      };
      const rasters = {
        pred: {...size, data: levels(0), maximum: 255},
        target: {...size, data: levels(1000), maximum: 255},
      };
      const unit = ({data}: {data: Uint8Array}) => new Float64Array(data).map((level) => level / 255);
      const sample = {
        ...size,
        pred: unit(rasters.pred),
        target: unit(rasters.target),
        weight: new Float64Array(2 ** 24).fill(1),
        ignored: new Uint8Array(2 ** 24),
      };
      const expected = reference(sample, {});
      const loss = await evaluator(id);
      expect(loss.forms).toContain('tensor');
      for (const form of loss.forms) {
        const [cell] = await loss.values(form, [rasters]);
        expectClose(cell, expected, TOLERANCE, `${form} form`);
      }
    });
  },
);

function borderOf({crop_border: border}: Options): number {
  return typeof border === 'number' ? border : 0;
}
