import * as z from 'zod';
import type {ViewOptions} from './sample-contract.js';

/** The options that any pixel or structural loss takes, as a config writes them. */
export const viewOptions = {
  color: z
    .enum(['rgb', 'luma', 'luma8', 'ycbcr-y'])
    .default('rgb')
    .describe(
      'rgb: as stored; luma: BT.601; luma8: MATLAB rgb2gray, rounded to 8 bits; ycbcr-y: Y of MATLAB rgb2ycbcr',
    ),
  range: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'expected [low, high] with low < high')
    .default([0, 1])
    .describe(
      'interval of the values: 0 and the maximum of integer files are mapped to its ends; floats stay as they are, so say [0, 255] where they are in 0..255',
    ),
  crop_border: z
    .int()
    .min(0)
    .default(0)
    .describe('pixels cut off at each side before scoring (super-resolution protocol: the scale factor)'),
};

/** From the config's names to the contract's. */
export function toView(options: {
  color: ViewOptions['color'];
  range: [number, number];
  crop_border: number;
}): ViewOptions {
  return {color: options.color, range: options.range, cropBorder: options.crop_border};
}

/** The width of `range`: what PSNR and SSIM call the data range. */
export function dataRange({range}: {range: readonly [number, number]}): number {
  return range[1] - range[0];
}

/** The roles that weight or leave out pixels, for `optionalInputs`. */
export const pixelWeightRoles = {weight: 'weights', ignore: 'labels'} as const;
