import {SampleError} from '../errors.js';
import type {PixelData} from '../kernels/view.js';
import type {Raster} from './raster.js';

/** One class's scores, and the file they come from, for messages. */
export interface ScorePart {
  readonly path: string;
  readonly raster: Raster;
}

/**
 * Scores of one channel each as one image of as many channels, in the order given. Throws SampleError `class-files` where
 * one has several channels, or another size or type than the first.
 */
export function stackScores(parts: readonly ScorePart[]): Raster {
  const [first] = parts;
  if (!first) throw new TypeError('there is nothing to stack');
  for (const {path, raster} of parts) {
    if (raster.channels !== 1) {
      throw new SampleError('class-files', `${path}: the scores of one class need one channel, got ${raster.channels}`);
    }
    const [expected, got] = [first.raster, raster].map(shapeOf);
    if (got !== expected) throw new SampleError('class-files', `${path} is ${got}, ${first.path} is ${expected}`);
  }
  const channels = parts.length;
  const {data, height, width, maximum} = first.raster;
  const stacked = new (data.constructor as new (length: number) => PixelData)(height * width * channels);
  parts.forEach(({raster}, c) => {
    for (let i = 0; i < raster.data.length; i++) stacked[i * channels + c] = raster.data[i] as number;
  });
  return {data: stacked, height, width, channels, maximum};
}

function shapeOf({width, height, maximum, data}: Raster): string {
  const type = maximum === null ? `float${8 * data.BYTES_PER_ELEMENT}` : `integers up to ${maximum}`;
  return `${width}x${height}, ${type}`;
}
