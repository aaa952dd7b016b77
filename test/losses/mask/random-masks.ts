import fc from 'fast-check';
import type {ClassName} from '../../../src/losses/contract.js';
import {pick, type Random, random} from '../random.js';
import {bytes, floats, type Rasters} from '../score.js';
import {classList} from './runs.js';

/** A random sample in plain numbers: its valid pixels, one entry each. */
export interface PlainMasks {
  readonly rasters: Rasters;
  /** Classes of the run; null is binary, with the classes 0 and 1. */
  readonly classes: readonly ClassName[] | null;
  readonly size: number;
  readonly pred: readonly number[];
  readonly target: readonly number[];
  readonly weight: readonly number[];
  /** Of the prediction, one a class (binary: of the foreground alone). */
  readonly probabilities: readonly (readonly number[])[];
}

interface Shape {
  readonly height: number;
  readonly width: number;
  readonly size: number;
  readonly seed: number;
}

/** Small samples of 1 to 4 classes (1 is binary): empty, full, of one pixel, at the border, noise; some weighed, some partly or wholly ignored. */
export function plainMasks(scores: boolean): fc.Arbitrary<PlainMasks> {
  const shape = fc.record({
    height: fc.integer({min: 1, max: 6}),
    width: fc.integer({min: 1, max: 6}),
    size: fc.constantFrom(1, 1, 2, 3, 4),
    seed: fc.nat(),
  });
  return shape.map((given) => sampleOf(given, scores));
}

function sampleOf({height, width, size: given, seed}: Shape, scores: boolean): PlainMasks {
  const next = random(seed);
  const binary = given === 1;
  const size = binary ? 2 : given;
  const pixels = height * width;
  const truth = pick(next, LOOKS)(pixels, size, next);
  const said = next() < 0.1 ? truth : pick(next, LOOKS)(pixels, size, next);
  const masses = said.map((label) => scoresOf(label, binary ? 1 : size, next));
  const [weighed, partly] = [next() < 0.3, next() < 0.3];
  // Multiples of 1/4, so that sums are exact.
  const weights = Array.from({length: pixels}, () => Math.floor(next() * 4) / 4);
  const share = next() < 0.1 ? 1 : 0.3;
  const ignored = Array.from({length: pixels}, () => next() < share);
  const kept = [...weights.keys()].filter((i) => !(partly && ignored[i]));
  const map = (values: readonly number[]) => bytes(height, width, 1, values);
  const pred = scores ? floats(height, width, binary ? 1 : size, masses.flat()) : map(said);
  return {
    rasters: {
      pred,
      target: map(truth),
      ...(weighed && {weight: floats(height, width, 1, weights)}),
      ...(partly && {ignore: map(ignored.map((out) => (out ? 255 : 0)))}),
    },
    classes: binary ? null : classList('sky', 'road', 'car', 'tree').slice(0, size),
    size,
    pred: kept.map((i) => said[i] as number),
    target: kept.map((i) => truth[i] as number),
    weight: kept.map((i) => (weighed ? (weights[i] as number) : 1)),
    probabilities: kept.map((i) => masses[i] as number[]),
  };
}

/** Probabilities that lean to a label, of few values so that there are ties. */
function scoresOf(label: number, channels: number, next: Random): number[] {
  const level = () => Math.floor(next() * 5) / 4;
  if (channels === 1) return [next() < 0.5 ? label : level()];
  const masses = Array.from({length: channels}, (_, c) => level() + (c === label ? 0.5 : 0));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}

type Look = (pixels: number, size: number, next: Random) => number[];

const LOOKS: readonly Look[] = [
  (pixels, size, next) => Array.from({length: pixels}, () => Math.floor(next() * size)),
  (pixels, size, next) => Array.from({length: pixels}, () => Math.floor(next() * size)),
  (pixels) => new Array(pixels).fill(0),
  (pixels, size) => new Array(pixels).fill(size - 1),
  (pixels, _, next) => {
    const one = Math.floor(next() * pixels);
    return Array.from({length: pixels}, (_unused, i) => Number(i === one));
  },
  // Its first half, so it touches three borders.
  (pixels, size) => Array.from({length: pixels}, (_, i) => (i < pixels / 2 ? size - 1 : 0)),
];
