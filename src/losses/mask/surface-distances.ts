import * as z from 'zod';
import {squaredDistancesOf, surfaceIndices} from '../../kernels/surface.js';
import type {MaskPair} from './class-masks.js';

/** The option of losses that measure distances, as a config writes it. */
export const spacingOption = {
  spacing: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([1, 1])
    .describe('height and width of a pixel, in the unit that distances are to be in'),
};

/** Distances from every surface pixel of one mask to the nearest surface pixel of the other, both ways. */
export interface SurfaceDistances {
  readonly fromPred: Float64Array;
  readonly fromTarget: Float64Array;
}

/** The distances of a pair; Infinity from a mask's surface where the other is empty. */
export function surfaceDistances(
  {pred, target, height, width}: MaskPair,
  {spacing}: {readonly spacing: readonly [number, number]},
): SurfaceDistances {
  const surfaces = [surfaceIndices(pred, height, width), surfaceIndices(target, height, width)] as const;
  const between = (from: readonly number[], to: readonly number[]) =>
    squaredDistancesOf(from, to, height, width, spacing).map(Math.sqrt);
  return {fromPred: between(surfaces[0], surfaces[1]), fromTarget: between(surfaces[1], surfaces[0])};
}
