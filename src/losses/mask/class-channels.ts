import type {ClassName} from '../contract.js';
import {IGNORED, type Labels} from '../pixel/class-labels.js';
import type {SampleViews} from '../sample-contract.js';
import type {MaskReading} from './mask-options.js';
import {type SoftMasks, softMasks} from './masks.js';

/** A class as soft losses see it. */
export interface ClassChannel {
  /** Its channel in the scores. */
  readonly channel: number;
  /** What its pixels have in the target. */
  readonly label: number;
  /** Of its column; null for the foreground of a binary run, whose value is the loss's own. */
  readonly name: string | null;
}

/** The classes of a run, without id 0 where `background` is false; of a binary one the foreground. */
export function classChannels(
  classes: readonly ClassName[] | null,
  {background}: {readonly background: boolean},
): readonly ClassChannel[] {
  if (!classes) return [{channel: 0, label: 1, name: null}];
  const all = classes.map(({id, name}, index) => ({id, channel: index, label: index, name}));
  return all.filter(({id}) => background || id !== 0);
}

/** A sample's masks, class by class. */
export interface ChannelMasks {
  readonly height: number;
  readonly width: number;
  /** By channel in order: the probability of every pixel, 0 where it is ignored. */
  readonly probabilities: readonly Float64Array[];
  /** The target's label of every pixel, IGNORED where it is left out. */
  readonly target: Labels;
  /** Pixels that are not ignored. */
  readonly valid: number;
}

/** Reads the masks of those channels. Throws SampleError as `softMasks`. */
export function channelMasks(
  sample: SampleViews,
  options: MaskReading,
  classes: readonly ClassName[] | null,
  channels: readonly ClassChannel[],
): ChannelMasks {
  const soft: SoftMasks = softMasks(sample, options, classes);
  const {height, width, target} = soft;
  const probabilities = channels.map(() => new Float64Array(target.length));
  const pixel = new Float64Array(soft.channels);
  let valid = 0;
  for (let i = 0; i < target.length; i++) {
    if (target[i] === IGNORED) continue;
    valid++;
    soft.read(i, pixel);
    for (let k = 0; k < channels.length; k++) {
      (probabilities[k] as Float64Array)[i] = pixel[(channels[k] as ClassChannel).channel] as number;
    }
  }
  return {height, width, probabilities, target, valid};
}

/** One a pixel: 1 where it is valid, 0 where it is left out. */
export function validPixels({target}: Pick<ChannelMasks, 'target'>): Uint8Array {
  return Uint8Array.from(target, (label) => Number(label !== IGNORED));
}

/** Writes maps side by side, as a batch's `fill` wants them. */
export function interleave(maps: readonly ArrayLike<number>[], out: Float32Array): void {
  maps.forEach((map, k) => {
    for (let i = 0; i < map.length; i++) out[i * maps.length + k] = map[i] as number;
  });
}

/** 1 where the target has the label. */
export function labelMask(target: Labels, label: number): Uint8Array {
  const mask = new Uint8Array(target.length);
  for (let i = 0; i < mask.length; i++) if (target[i] === label) mask[i] = 1;
  return mask;
}
