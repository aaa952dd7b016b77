import fc from 'fast-check';
import type {LossContext} from '../../../src/losses/contract.js';
import type {Cell} from '../../../src/rows/row.js';
import {expectClose} from '../close.js';
import {pick, type Random, random} from '../random.js';
import {bytes, createLoss, floats, type LossConfig, type Rasters, viewsOf, wasm} from '../score.js';

/** A pair of small masks, 1 on the foreground, after ignored pixels became background. */
export interface SmallMasks {
  readonly height: number;
  readonly width: number;
  readonly pred: readonly number[];
  readonly target: readonly number[];
  /** 1 where a pixel is valid. */
  readonly valid: readonly number[];
  /** The probability that pred was made from; 0 where a pixel is ignored. */
  readonly probabilities: readonly number[];
}

/** What a slow form gives: a number, Infinity, or NaN for undefined. */
export type SlowForm = (masks: SmallMasks) => number;

const CASES = 1000;

/**
 * Expects the loss to give what the slow form gives for 1,000 random small masks: empty, full, of one pixel, touching
 * the border, noise, blocks; a third of them with ignored pixels. `soft`: the prediction is probabilities.
 */
export async function expectOnSmallMasks(config: LossConfig, slow: SlowForm, {soft = false} = {}): Promise<void> {
  const score = await scorer(config);
  fc.assert(
    fc.property(smallShape, (shape) => {
      const {masks, rasters} = makeMasks(shape, soft);
      expectClose(score(rasters)[''], slow(masks), undefined, JSON.stringify(masks));
    }),
    {numRuns: CASES, seed: 20},
  );
}

interface SmallShape {
  readonly height: number;
  readonly width: number;
  readonly seed: number;
}

const side = fc.integer({min: 1, max: 10});
const smallShape: fc.Arbitrary<SmallShape> = fc.record({height: side, width: side, seed: fc.nat()});

/** The cells of a sample under the loss's form for the CPU. */
export async function scorer(
  config: LossConfig,
  classes: LossContext['classes'] = null,
): Promise<(rasters: Rasters) => Readonly<Record<string, Cell>>> {
  const {descriptor, instance} = await createLoss(config, await wasm(), classes);
  return (rasters) => {
    if (!instance.fused) throw new Error(`'${config.type}' has no fused form`);
    return instance.fused(viewsOf(descriptor, instance, rasters));
  };
}

/** A binary mask as a file of 0 and 255. */
export function maskRaster(height: number, width: number, mask: ArrayLike<number>): Rasters[string] {
  return bytes(
    height,
    width,
    1,
    Array.from(mask, (set) => (set ? 255 : 0)),
  );
}

function makeMasks({height, width, seed}: SmallShape, soft: boolean): {masks: SmallMasks; rasters: Rasters} {
  const next = random(seed);
  const ignored = Array.from({length: height * width}, () => next() < 0.15);
  const hasIgnore = next() < 0.33;
  const valid = ignored.map((out) => Number(!(hasIgnore && out)));
  const [truth, found] = [pick(next, LOOKS)(height, width, next), pick(next, LOOKS)(height, width, next)];
  const scores = found.map((set) => (soft ? (next() < 0.2 ? set : 0.5 * next() + 0.5 * set) : set));
  const inValid = (map: readonly number[]) => map.map((value, i) => value * (valid[i] as number));
  const ignore = bytes(
    height,
    width,
    1,
    valid.map((one) => (one ? 0 : 255)),
  );
  return {
    masks: {height, width, pred: inValid(found), target: inValid(truth), valid, probabilities: inValid(scores)},
    rasters: {
      pred: soft ? floats(height, width, 1, scores) : maskRaster(height, width, found),
      target: maskRaster(height, width, truth),
      ...(hasIgnore && {ignore}),
    },
  };
}

type Look = (height: number, width: number, next: Random) => number[];

const fill = (height: number, width: number, value: (y: number, x: number) => boolean): number[] =>
  Array.from({length: height * width}, (_, i) => Number(value(Math.floor(i / width), i % width)));

const noise: Look = (height, width, next) => {
  const share = next();
  return fill(height, width, () => next() < share);
};

const block: Look = (height, width, next) => {
  const [top, left] = [Math.floor(next() * height), Math.floor(next() * width)];
  const [bottom, right] = [top + next() * height, left + next() * width];
  return fill(height, width, (y, x) => y >= top && y <= bottom && x >= left && x <= right);
};

const LOOKS: readonly Look[] = [
  noise,
  noise,
  noise,
  block,
  block,
  (height, width) => fill(height, width, () => false),
  (height, width) => fill(height, width, () => true),
  (height, width, next) => {
    const one = Math.floor(next() * height * width);
    return fill(height, width, (y, x) => y * width + x === one);
  },
  // A frame along the border.
  (height, width) => fill(height, width, (y, x) => y === 0 || x === 0 || y === height - 1 || x === width - 1),
];
