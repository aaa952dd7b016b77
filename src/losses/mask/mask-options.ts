import * as z from 'zod';
import {ignoreIndexOption} from '../pixel/class-labels.js';
import {scoreOptions} from '../pixel/scores.js';

/** The options of every loss that compares masks, as a config writes them. */
export const maskOptions = {
  ...scoreOptions,
  ...ignoreIndexOption,
  threshold: z
    .number()
    .default(0.5)
    .describe('binary: foreground is a probability above this (of logits, after the sigmoid)'),
};

/** Of losses that average over classes. */
export const backgroundOption = {
  background: z.boolean().default(true).describe('multi-class: whether class id 0 counts in the mean over classes'),
};

/** What the readers of masks need of the options. */
export interface MaskReading {
  readonly input: 'auto' | 'probabilities' | 'logits';
  readonly ignore_index: number | null;
  readonly threshold: number;
}

/** The inputs of every mask loss. */
export const maskInputs = {pred: 'mask', target: 'labels'} as const;
