import type {RunSettings} from '../../src/run/start.js';
import type {SampleTable} from '../../src/samples/sample.js';
import {builtIn} from './losses.js';
import {flat, IMAGE, type Scratch} from './scratch.js';

/** A run's settings with the defaults of a config. */
export function settings(root: string, ...losses: RunSettings['losses']): RunSettings {
  return {losses, classes: null, image: IMAGE, size: 'strict', device: 'cpu', batchSize: null, cwd: root};
}

/** Samples named s0, s1, … */
export function table(samples: readonly Readonly<Record<string, string>>[], shared = {}): SampleTable {
  return {samples: samples.map((files, i) => ({key: `s${i}`, files})), roots: {}, shared, missing: []};
}

/** Targets of 0 and 255, with so many pixels of foreground in 6; predictions of one half. */
export async function masks(scratch: Scratch, foregrounds: readonly number[]): Promise<Record<string, string>[]> {
  return Promise.all(
    foregrounds.map(async (foreground, i) => ({
      pred: await scratch.png(`pred${i}.png`, flat(2, 3, 128)),
      target: await scratch.png(`target${i}.png`, {
        height: 2,
        width: 3,
        channels: 1,
        values: Array.from({length: 6}, (_, p) => (p < foreground ? 255 : 0)),
      }),
    })),
  );
}

/** Cross-entropy with class weights counted over the dataset; rows divide by their pixels. */
export const weighted = (class_weights: string) =>
  builtIn('weighted-cross-entropy', {class_weights, over: 'dataset', normalize: 'pixels'});
