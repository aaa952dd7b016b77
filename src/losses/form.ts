import * as z from 'zod';
import type {Direction} from '../rows/row.js';

/** Whether the value is the metric or one minus it. */
export type Form = 'metric' | 'loss';

/** The option of every metric that has a loss, as a config writes it. */
export const formOption = {
  form: z
    .enum(['metric', 'loss'])
    .default('metric')
    .describe('metric: higher is better; loss: 1 − that, lower is better'),
};

/** Which way a metric is better in that form. */
export function betterIn({form}: {readonly form: Form}): Direction {
  return form === 'metric' ? 'higher' : 'lower';
}

/** How a metric enters a weighted total in that form. */
export function objectiveIn({form}: {readonly form: Form}): 'itself' | 'one-minus' {
  return form === 'metric' ? 'one-minus' : 'itself';
}

/** A metric's value in that form. */
export function inForm(metric: number, {form}: {readonly form: Form}): number {
  return form === 'metric' ? metric : 1 - metric;
}
