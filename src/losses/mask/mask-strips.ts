import {SampleError} from '../../errors.js';
import type {Elements} from '../../kernels/elements.js';
import {PairMemo} from '../../kernels/pair-memo.js';
import type {View} from '../../kernels/view.js';
import type {ClassName} from '../contract.js';
import {isOfZeroAndOne} from '../pixel/scores.js';
import type {StoredSample} from '../sample-contract.js';
import {type ClassCounts, Tally} from './class-counts.js';
import type {MaskReading} from './mask-options.js';
import {type HardMasks, hardMasks, type MaskViews, targetClasses} from './masks.js';

/** Pixels of each mask that are read at once, in about. */
const STRIP_PIXELS = 2 ** 20;

/**
 * Calls with the masks of a sample whose images lie in files, whole rows of them at a time, from top to bottom. Throws what
 * `hardMasks` throws of the whole.
 */
export function eachStrip(
  sample: StoredSample,
  options: MaskReading,
  classes: readonly ClassName[] | null,
  visit: (masks: HardMasks) => void,
): void {
  try {
    for (const strip of stripsOf(sample)) visit(hardMasks(strip, options, classes));
  } catch (error) {
    // Of whole images all of the target is read before the prediction.
    if (error instanceof SampleError) for (const strip of stripsOf(sample)) targetClasses(strip, options, classes);
    throw error;
  }
}

function* stripsOf({height, width, has, view}: StoredSample): Generator<MaskViews> {
  // Known from here on: a strip lies in memory until something else of its image is read.
  isOfZeroAndOne(view('pred'));
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top);
    const [pred, target] = [rowsOf(view('pred'), top, count), rowsOf(view('target'), top, count)];
    const of = (role: string) => (role === 'pred' ? pred : target);
    yield {height: count, width, has, view: of, valid: () => null};
  }
}

function rowsOf(image: View<Elements>, top: number, count: number): View {
  const line = image.width * image.channels;
  const data = image.data.subarray(top * line, (top + count) * line);
  return {...image, data, height: count, within: {image, top}};
}

/** What `countPixels` counts of a sample whose images memory holds. Losses of one run share it. */
export function countStored(
  sample: StoredSample,
  options: MaskReading,
  classes: readonly ClassName[] | null,
): ClassCounts {
  const {input, ignore_index, threshold} = options;
  const name = JSON.stringify([input, ignore_index, threshold, classes]);
  return KNOWN.of(sample.view('pred'), sample.view('target'), name, () => {
    const tally = new Tally(classes?.length ?? null);
    eachStrip(sample, options, classes, (masks) => tally.add(masks, null));
    return tally.counts();
  });
}

const KNOWN = new PairMemo<ClassCounts>();
