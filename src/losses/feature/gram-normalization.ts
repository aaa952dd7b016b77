import * as z from 'zod';
import {SampleError} from '../../errors.js';
import type {LayerSizes} from './image-comparison.js';

const NORMALIZATIONS = ['gatys', 'volume', 'johnson', 'none'] as const;

export type Normalization = (typeof NORMALIZATIONS)[number];

/** The option of losses that compare Gram matrices, as a config writes it. */
export const normalizationOption = z
  .enum(NORMALIZATIONS)
  .default('gatys')
  .describe(
    'of a layer of N channels and M positions: gatys: Σ(G − A)²/(4N²M²); volume: the same with M = N·H·W; johnson: Σ(G/(N·H·W) − A/(N·H·W))²; none: Σ(G − A)²',
  );

/**
 * What Σ(G/M − A/M)², each Gram matrix over its own number of positions M, is multiplied by to give the normalised
 * one. With N channels: 1/(4N²), 1/(4N⁴), 1/N², M². Throws SampleError `sizes-differ` for `none` where M is not the
 * same in both images.
 */
export function gramFactor(
  normalization: Normalization,
  layer: string,
  {channels, positions, otherPositions}: LayerSizes,
): number {
  switch (normalization) {
    case 'gatys':
      return 1 / (4 * channels ** 2);
    case 'volume':
      return 1 / (4 * channels ** 4);
    case 'johnson':
      return 1 / channels ** 2;
    case 'none':
      if (positions === otherPositions) return positions ** 2;
      throw new SampleError(
        'sizes-differ',
        `normalization none compares Gram matrices of equally many positions, ${layer} has ${positions} in pred and ${otherPositions} in the other image: use images of one size, or another normalization`,
      );
  }
}
