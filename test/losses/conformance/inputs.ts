import type {Raster} from '../../../src/images/raster.js';
import type {ClassName} from '../../../src/losses/contract.js';
import {pick, type Random} from '../random.js';
import {bytes, floats, type Rasters} from '../score.js';

/** What a loss takes; the conformance tests make random valid samples of each kind. */
export type InputKind =
  | 'image'
  | 'images'
  | 'styled-images'
  | 'binary-probabilities'
  | 'binary-logits'
  | 'class-probabilities'
  | 'class-logits'
  | 'distributions'
  | 'binary-masks'
  | 'class-masks'
  | 'binary-mask-probabilities'
  | 'class-mask-probabilities'
  | 'signs';

export interface Shape {
  readonly height: number;
  readonly width: number;
  /** Channels of images; the other kinds have their own. */
  readonly channels: number;
}

/** How image values are stored; `any` picks one. `noise` is float, never flat or extreme, and pred resembles target. */
export type Storage = '8-bit' | '16-bit' | 'float' | 'noise' | 'any';

/** A random sample of the kind: `pred` and `target`, all values valid and in the unit range where that applies. */
export function randomSample(kind: InputKind, shape: Shape, next: Random, storage: Storage = 'any'): Rasters {
  return KINDS[kind].random(shape, next, storage);
}

/** A sample whose prediction says exactly what its target says; of one image, a flat one. */
export function identicalSample(kind: InputKind, shape: Shape, next: Random): Rasters {
  const sample = KINDS[kind].random(shape, next, 'any');
  return {...sample, ...KINDS[kind].identical(sample)};
}

/** A weight map, about a third of it zero; `of` makes the weights elsewhere. */
export function randomWeights({height, width}: Shape, next: Random, of: () => number = next): Raster {
  return floats(
    height,
    width,
    1,
    Array.from({length: height * width}, () => (next() < 0.33 ? 0 : of())),
  );
}

/** An ignore map: 255 where a pixel is ignored, with this probability. */
export function randomIgnore({height, width}: Shape, next: Random, probability = 0.3): Raster {
  return bytes(
    height,
    width,
    1,
    Array.from({length: height * width}, () => (next() < probability ? 255 : 0)),
  );
}

/** The classes of a run whose samples are of that kind; null where it has none. */
export function classesOf(kind: InputKind): readonly ClassName[] | null {
  return kind.startsWith('class-') ? Array.from({length: CLASSES}, (_, id) => ({id, name: `class ${id}`})) : null;
}

interface Kind {
  random(shape: Shape, next: Random, storage: Storage): Rasters;
  identical(sample: Rasters): Rasters;
}

const CLASSES = 3;

const KINDS: Readonly<Record<InputKind, Kind>> = {
  image: {
    random: (shape, next, storage) => ({pred: image(shape, next, chosen(storage, next))}),
    identical: ({pred}) => ({pred: {...(pred as Raster), data: (pred as Raster).data.map(() => 1)}}),
  },
  images: {
    random: (shape, next, storage) => {
      const kept = chosen(storage, next);
      const [pred, target] = [image(shape, next, kept), image(shape, next, kept)];
      return {pred: kept === 'noise' ? mixed(pred, target) : pred, target};
    },
    identical: ({target}) => ({pred: target as Raster}),
  },
  'styled-images': {
    random: (shape, next, storage) => ({
      ...KINDS.images.random(shape, next, storage),
      style: image({...shape, height: shape.height + 2}, next, chosen(storage, next)),
    }),
    identical: ({target}) => ({pred: target as Raster, style: target as Raster}),
  },
  'binary-probabilities': {
    random: (shape, next) => ({pred: map(shape, 1, next), target: labels(shape, 2, next)}),
    identical: ({target}) => ({pred: oneChannel(target as Raster, (label) => label)}),
  },
  'binary-logits': {
    random: (shape, next) => ({pred: map(shape, 1, () => 8 * next() - 4), target: labels(shape, 2, next)}),
    identical: ({target}) => ({pred: oneChannel(target as Raster, (label) => (label ? 40 : -40))}),
  },
  'class-probabilities': {
    random: (shape, next) => ({pred: distributions(shape, next), target: labels(shape, CLASSES, next)}),
    identical: ({target}) => ({pred: oneHot(target as Raster, 1)}),
  },
  'class-logits': {
    random: (shape, next) => ({
      pred: map(shape, CLASSES, () => 8 * next() - 4),
      target: labels(shape, CLASSES, next),
    }),
    identical: ({target}) => ({pred: oneHot(target as Raster, 60)}),
  },
  'binary-masks': {
    random: (shape, next) => ({pred: maskLabels(shape, 2, next), target: maskLabels(shape, 2, next)}),
    identical: ({target}) => ({pred: target as Raster}),
  },
  'class-masks': {
    random: (shape, next) => ({pred: maskLabels(shape, CLASSES, next), target: maskLabels(shape, CLASSES, next)}),
    identical: ({target}) => ({pred: target as Raster}),
  },
  'binary-mask-probabilities': {
    random: (shape, next) => ({pred: map(shape, 1, next), target: maskLabels(shape, 2, next)}),
    identical: ({target}) => ({pred: oneChannel(target as Raster, (label) => label)}),
  },
  'class-mask-probabilities': {
    random: (shape, next) => ({pred: distributions(shape, next), target: maskLabels(shape, CLASSES, next)}),
    identical: ({target}) => ({pred: oneHot(target as Raster, 1)}),
  },
  distributions: {
    random: (shape, next) => ({pred: distributions(shape, next), target: distributions(shape, next)}),
    identical: ({target}) => ({pred: target as Raster}),
  },
  signs: {
    random: (shape, next) => ({
      pred: map(shape, 1, () => 4 * next() - 2),
      target: map(shape, 1, () => (next() < 0.5 ? -1 : 1)),
    }),
    identical: ({target}) => ({pred: target as Raster}),
  },
};

function chosen(storage: Storage, next: Random): Exclude<Storage, 'any'> {
  return storage === 'any' ? pick(next, ['8-bit', '16-bit', 'float'] as const) : storage;
}

/** How an image looks: losses break on flat, extreme and nearly equal images more than on noise. */
const LOOKS: readonly ((next: Random) => (index: number, of: number) => number)[] = [
  (next) => next,
  (next) => next,
  (next) => {
    const level = next();
    return () => level;
  },
  (next) => () => (next() < 0.5 ? 0 : 1),
  (next) => (index, of) => 0.2 + (0.6 * index) / of + 1e-3 * next(),
];

function image({height, width, channels}: Shape, next: Random, storage: Exclude<Storage, 'any'>): Raster {
  const value = storage === 'noise' ? next : pick(next, LOOKS)(next);
  const length = height * width * channels;
  const values = Array.from({length}, (_, i) => value(i, length));
  if (storage === 'float' || storage === 'noise') return floats(height, width, channels, values);
  const maximum = storage === '8-bit' ? 255 : 65535;
  const levels = values.map((v) => Math.round(v * maximum));
  const data = storage === '8-bit' ? Uint8Array.from(levels) : Uint16Array.from(levels);
  return {data, height, width, channels, maximum};
}

function mixed(one: Raster, other: Raster): Raster {
  return {...one, data: Float64Array.from(one.data, (value, i) => 0.5 * value + 0.5 * (other.data[i] as number))};
}

function map({height, width}: Shape, channels: number, value: () => number): Raster {
  return floats(height, width, channels, Float32Array.from({length: height * width * channels}, value));
}

function labels({height, width}: Shape, classes: number, next: Random): Raster {
  return bytes(
    height,
    width,
    1,
    Array.from({length: height * width}, () => Math.floor(next() * classes)),
  );
}

/** Labels of which some pixel is 1 and, where there are two, another 0: a mask that is neither empty nor full. */
function maskLabels(shape: Shape, classes: number, next: Random): Raster {
  const mask = labels(shape, classes, next);
  const {length} = mask.data;
  const one = Math.floor(next() * length);
  mask.data[(one + 1 + Math.floor(next() * (length - 1))) % length] = 0;
  mask.data[one] = 1;
  return mask;
}

function distributions({height, width}: Shape, next: Random): Raster {
  const values = new Float64Array(height * width * CLASSES);
  for (let p = 0; p < height * width; p++) {
    const masses = Array.from({length: CLASSES}, () => 0.01 + next());
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    for (let k = 0; k < CLASSES; k++) values[p * CLASSES + k] = (masses[k] as number) / total;
  }
  return floats(height, width, CLASSES, values);
}

function oneChannel({data, height, width}: Raster, value: (label: number) => number): Raster {
  return floats(height, width, 1, Array.from(data, value));
}

function oneHot({data, height, width}: Raster, on: number): Raster {
  const values = new Float64Array(height * width * CLASSES);
  for (let p = 0; p < height * width; p++) values[p * CLASSES + (data[p] as number)] = on;
  return floats(height, width, CLASSES, values);
}
