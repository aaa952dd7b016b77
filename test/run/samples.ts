import type {Raster} from '../../src/images/raster.js';
import type {DecodedSample} from '../../src/run/batch.js';
import {bytes, type Rasters} from '../losses/score.js';

/** A sample as loading gives it, from images by role; every reading of a role gets the same image. */
export function decodedSample(key: string, rasters: Rasters): DecodedSample {
  return {
    key,
    has: (role) => role in rasters,
    raster: (role) => rasters[role] as Raster,
  };
}

/** Samples named a, b, c …, whose prediction is one pixel of that level and whose target is black. */
export function pixelSamples(...levels: readonly number[]): DecodedSample[] {
  return levels.map((level, i) =>
    decodedSample(String.fromCharCode(97 + i), {pred: bytes(1, 1, 1, [level]), target: bytes(1, 1, 1, [0])}),
  );
}
