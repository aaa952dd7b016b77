import * as z from 'zod';
import {SampleError} from '../../errors.js';
import type {View} from '../../kernels/view.js';
import {labelsByValue} from './by-value.js';
import {place} from './scores.js';

/** The option that leaves out a label, as a config writes it. */
export const ignoreIndexOption = {
  ignore_index: z
    .int()
    .nullable()
    .default(null)
    .describe(
      'target id whose pixels are left out; null: 255 for scores of several channels, none for scores of one (-1 leaves out nothing)',
    ),
};

/** What an ignored pixel has in place of a class. */
export const IGNORED = -1;

/** A class for every pixel, or IGNORED. */
export type Labels = Int8Array | Int32Array;

/** How a target's ids become classes. */
export interface LabelReading {
  /** Channels of the scores: 1 makes the target binary, k > 1 gives the classes 0 … k − 1. */
  readonly channels: number;
  /** The option `ignore_index`. */
  readonly ignoreIndex: number | null;
  /** 0 where the role `ignore` leaves a pixel out. */
  readonly valid: Uint8Array | null;
}

/** The number of classes that scores of so many channels tell apart. */
export function classCount(channels: number): number {
  return channels === 1 ? 2 : channels;
}

/**
 * The class of every pixel, IGNORED where it is left out. Binary: 0 is background, 1, 255 and 65535 are
 * foreground (class 1). Throws SampleError `labels` for another id. The array is shared, not to be written to.
 */
export function classLabels(target: View, {channels, ignoreIndex, valid}: LabelReading): Labels {
  const ignored = ignoreIndex ?? (channels === 1 ? null : 255);
  if (valid) {
    const left = Int8Array.from(valid, (value) => (value ? 0 : IGNORED));
    return readLabels(target, channels, ignored, left);
  }
  const ofTarget = shared.get(target) ?? new Map<string, Labels>();
  shared.set(target, ofTarget);
  const name = `${channels} ${ignored}`;
  const labels = ofTarget.get(name) ?? readLabels(target, channels, ignored, null);
  ofTarget.set(name, labels);
  return labels;
}

/** Labels already read of a target's view: every loss of a run shares them while the sample lives. */
const shared = new WeakMap<View, Map<string, Labels>>();

function readLabels(target: View, channels: number, ignored: number | null, left: Labels | null): Labels {
  const {data} = target;
  return labelsByValue(data, left, classCount(channels), (i) => {
    const id = data[i] as number;
    if (id === ignored) return IGNORED;
    if (channels === 1) return binaryClass(id) ?? refuse(id, i, target, channels);
    return Number.isInteger(id) && id >= 0 && id < channels ? id : refuse(id, i, target, channels);
  });
}

function binaryClass(id: number): 0 | 1 | null {
  if (id === 0) return 0;
  return id === 1 || id === 255 || id === 65535 ? 1 : null;
}

function refuse(id: number, pixel: number, target: View, channels: number): never {
  const expected =
    channels === 1
      ? 'a binary target must hold 0 and 1 (or 255); for several classes set classes, as cv-loss init does'
      : `the scores have ${channels} channels, so ids 0 to ${channels - 1}; set ignore_index to leave an id out`;
  throw new SampleError('labels', `target has id ${id} at ${place(pixel, target)}: ${expected}`);
}
