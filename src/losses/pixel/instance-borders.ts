import {SampleError} from '../../errors.js';
import {borderWeights} from '../../kernels/border-weights.js';
import {connectedComponents} from '../../kernels/components.js';
import type {SampleViews} from '../sample-contract.js';
import {IGNORED, type Labels} from './class-labels.js';
import {place} from './scores.js';

/** The options of U-Net's border weights: height, and decay in pixels. */
export interface Border {
  readonly w0: number;
  readonly sigma: number;
}

/**
 * U-Net's border weight of every background pixel (class 0, no instance), 0 elsewhere. Instances come from the
 * role `instances`, else they are the 8-connected components of each foreground class; ignored pixels belong
 * to none. Throws SampleError `instances` for ids that are no whole numbers of at least 0.
 */
export function instanceBorders(sample: SampleViews, labels: Labels, border: Border): Float64Array {
  const {height, width} = sample;
  const ids = sample.has('instances')
    ? instanceIds(sample, labels)
    : connectedComponents(
        labels.map((label) => Math.max(0, label)),
        height,
        width,
        8,
      ).ids;
  return borderWeights(ids, height, width, border).map((weight, i) => (labels[i] === 0 ? weight : 0));
}

function instanceIds(sample: SampleViews, labels: Labels): Int32Array {
  const {data} = sample.view('instances');
  return Int32Array.from(labels, (label, i) => {
    if (label === IGNORED) return 0;
    const id = data[i] as number;
    if (Number.isInteger(id) && id >= 0 && id < 2 ** 31) return id;
    throw new SampleError('instances', `instances has ${id} at ${place(i, sample)}, expected whole ids from 0`);
  });
}
