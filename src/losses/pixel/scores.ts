import * as z from 'zod';
import {SampleError} from '../../errors.js';
import type {Elements} from '../../kernels/elements.js';
import type {View} from '../../kernels/view.js';
import type {ViewOptions} from '../sample-contract.js';

/** What the numbers of a score file are. */
export type ScoreInput = 'auto' | 'probabilities' | 'logits';

/** The options of every loss that reads scores, as a config writes them. */
export const scoreOptions = {
  input: z
    .enum(['auto', 'probabilities', 'logits'])
    .default('auto')
    .describe(
      'what the prediction holds; auto takes integer files as probabilities (value / maximum; a file of only 0 and 1 as it is) and refuses float files, which must say',
    ),
  crop_border: z.int().min(0).default(0).describe('pixels cut off at each side before scoring'),
};

/** Scores have no colour and no range: only the border can be cut. */
export function scoreView({crop_border}: {crop_border: number}): ViewOptions {
  return {color: 'rgb', range: [0, 1], cropBorder: crop_border};
}

/** How a role's scores are to be read. */
export interface ScoreReading {
  readonly role: string;
  readonly input: ScoreInput;
  /** How far from 1 the probabilities of a pixel of several channels may sum. */
  sumTolerance(channels: number): number;
}

/** A role's scores, in float64. */
export interface Scores {
  readonly channels: number;
  readonly logits: boolean;
  /**
   * Writes the scores of one pixel to `out`. Throws SampleError `scores` where probabilities leave [0, 1]
   * (beyond float32 rounding, 1e-6) or do not sum to 1.
   */
  read(pixel: number, out: Float64Array): void;
}

/** 8-bit probabilities are each off by up to half a step of 1/255, so k of them by up to k/255. */
export function quantizedSumTolerance(channels: number): number {
  return Math.max(1e-2, channels / 255);
}

/** Opens a role's scores. Throws SampleError `scores` where `input` does not fit the file. */
export function openScores(view: View, reading: ScoreReading): Scores {
  const {role, input} = reading;
  if (view.integer && input === 'logits') {
    throw new SampleError('scores', `${role} is an integer file, logits need a float file: say input: probabilities`);
  }
  if (!view.integer && input === 'auto') {
    throw new SampleError(
      'scores',
      `${role} is a float file: say input: probabilities or input: logits (--set losses.ID.input=probabilities)`,
    );
  }
  return input === 'logits' ? openLogits(view) : openProbabilities(view, reading);
}

function openLogits(view: View): Scores {
  const {scale, channels} = view;
  return {
    channels,
    logits: true,
    read(pixel, out) {
      const {data} = view;
      const at = pixel * channels;
      for (let c = 0; c < channels; c++) out[c] = (data[at + c] as number) * scale;
    },
  };
}

function openProbabilities(view: View, {role, sumTolerance}: ScoreReading): Scores {
  const {channels} = view;
  const scale = view.integer && isOfZeroAndOne(view.within?.image ?? view) ? 1 : view.scale;
  const tolerance = sumTolerance(channels);
  return {
    channels,
    logits: false,
    read(pixel, out) {
      const {data} = view;
      const at = pixel * channels;
      let sum = 0;
      for (let c = 0; c < channels; c++) {
        const value = (data[at + c] as number) * scale;
        if (!(value >= -1e-6 && value <= 1 + 1e-6)) {
          throw new SampleError(
            'scores',
            `${role} has ${value} at ${place(pixel, view)}, a probability must be in [0, 1]`,
          );
        }
        out[c] = Math.min(1, Math.max(0, value));
        sum += value;
      }
      if (channels > 1 && Math.abs(sum - 1) > tolerance) {
        throw new SampleError(
          'scores',
          `${role} has probabilities that sum to ${Number(sum.toPrecision(6))} at ${place(pixel, view)}, expected 1 within ${Number(tolerance.toPrecision(3))}`,
        );
      }
    },
  };
}

/** Elements that are looked at together. */
const STRETCH = 2 ** 20;

const KNOWN = new WeakMap<View<Elements>, boolean>();

/** Whether an image holds no other numbers; looked at once. Of one in a file this takes the place of what was read of it last. */
export function isOfZeroAndOne(view: View<Elements>): boolean {
  const {data} = view;
  let known = KNOWN.get(view);
  if (known === undefined) {
    known = true;
    for (let at = 0; known && at < data.length; at += STRETCH) {
      const stretch = data.subarray(at, Math.min(data.length, at + STRETCH));
      known = stretch.every((value) => value === 0 || value === 1);
    }
    KNOWN.set(view, known);
  }
  return known;
}

/** Where a pixel of a view is, for messages: column and row of its image from 0. */
export function place(pixel: number, {width, within}: Pick<View, 'width' | 'within'>): string {
  return `x ${pixel % width}, y ${(within?.top ?? 0) + Math.floor(pixel / width)}`;
}
