import type {Device} from '../../device/device.js';
import type {MemoryBudget} from '../memory-budget.js';
import {mayBeLarge, ONLY_STRIPS, wholeImages} from './strip-choice.js';
import {type StripOptions, StripScoring} from './strip-scoring.js';

/** Why a picture of an image is not made in strips. */
export const SHOWN_WHOLE = 'pictures are made of whole images';

/** What a run reads in strips, and its budget, which knows why all else is not. */
export interface OpenStrips {
  readonly strips: Pick<StripScoring, 'take'>;
  readonly memory: MemoryBudget;
}

/** Makes ready to read large images in strips, where every loss of the run can. */
export function openStrips(options: StripOptions, {name}: Pick<Device, 'name'>): OpenStrips {
  const whole = wholeImages(options.losses, name);
  const memory = {...options.memory, whole: whole ?? ONLY_STRIPS};
  if (whole !== null || !mayBeLarge(options)) return {strips: {take: async () => null}, memory};
  return {strips: new StripScoring({...options, memory}), memory};
}
