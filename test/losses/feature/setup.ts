import {expect} from 'vitest';
import type {Raster} from '../../../src/images/raster.js';
import type {Cell} from '../../../src/rows/row.js';
import {evaluator} from '../conformance/evaluator.js';
import type {Options} from '../reference/sample.js';
import {bytes, type Rasters} from '../score.js';
import {fixtureImage, square} from './images.js';

/** Float32 activations differ in their last bits between the executors. */
export const CLOSE = {relative: 2e-5, floor: 1e-7};

/** Layers of SqueezeNet and their weights. */
export const LAYERS = {relu_conv1: 2, fire2: 0.5} as const;
export const NAMES = ['relu_conv1', 'fire2'] as const;

/** The side of pred and target. */
export const SIZE = 64;

/** Squares of photographs; the style has another size. */
export async function photographs(): Promise<Record<'pred' | 'target' | 'style', Raster>> {
  const photo = square(await fixtureImage('photos/target/004'), 100, 100, 80);
  return {
    pred: square(await fixtureImage('photos/pred/000'), 200, 200, SIZE),
    target: square(await fixtureImage('photos/target/000'), 200, 200, SIZE),
    style: {...photo, data: photo.data.slice(0, 48 * 80 * 3), height: 48},
  };
}

/** In the lower half, pixels from this column on are ignored. */
const IGNORED_FROM = 40;

/** A role that ignores a corner. */
export function ignoreMap(): Raster {
  return bytes(
    SIZE,
    SIZE,
    1,
    Array.from({length: SIZE ** 2}, (_, i) => (isIgnored(Math.floor(i / SIZE), i % SIZE) ? 255 : 0)),
  );
}

function isIgnored(row: number, column: number): boolean {
  return row >= SIZE / 2 && column >= IGNORED_FROM;
}

/**
 * Whether a position sees no ignored pixel. conv1 is 7×7 by steps of 2: from pixel 2p on, 7 pixels. The pool is 3×3 by
 * steps of 2: from 4p on, 11 pixels. fire2 widens that by one position on each side: from 4p − 4 on, 19 pixels.
 */
const SEES: Readonly<Record<(typeof NAMES)[number], (p: number) => readonly [from: number, size: number]>> = {
  relu_conv1: (p) => [2 * p, 7],
  fire2: (p) => [4 * p - 4, 19],
};

export function isValid(layer: (typeof NAMES)[number]): (row: number, column: number) => boolean {
  const sees = SEES[layer];
  return (row, column) => {
    const [[top, height], [left, width]] = [sees(row), sees(column)];
    // The lower right corner of what is seen is the first to be ignored.
    return !isIgnored(Math.min(SIZE, top + height) - 1, Math.min(SIZE, left + width) - 1);
  };
}

/** Every column of one sample in every form. */
export async function eachForm(
  type: string,
  options: Options,
  rasters: Rasters,
  check: (column: (part: string) => Cell | undefined, form: string) => void,
): Promise<void> {
  const loss = await evaluator(type, options);
  expect(loss.forms).toEqual(['tensor', 'network']);
  for (const form of loss.forms) {
    const cells = await loss.cells(form, [rasters]);
    check((part) => cells[part]?.[0], form);
  }
}
