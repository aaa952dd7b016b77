import {z} from 'zod';
import type {LossContext, LossDescriptor, LossInstance} from '../../src/losses/contract.js';
import {losses} from '../../src/losses/registry.js';
import type {Batch, SampleViews} from '../../src/losses/sample-contract.js';
import type {Cell} from '../../src/rows/row.js';
import {type ConfiguredLoss, createLosses, type LossEntry} from '../../src/run/configured-loss.js';
import {wasm} from '../losses/score.js';

/** Makes losses ready, as a run does. */
export function configured(...entries: readonly LossEntry[]): Promise<ConfiguredLoss[]> {
  return configuredWith(() => Promise.reject(new Error('no networks here')), ...entries);
}

/** The same for losses that compare features. */
export async function configuredWith(
  network: LossContext['network'],
  ...entries: readonly LossEntry[]
): Promise<ConfiguredLoss[]> {
  return createLosses(entries, {tf: await wasm(), signal: new AbortController().signal, classes: null, network});
}

/** An entry for a built-in loss with these options; `more` gives its id, weight or policy. */
export function builtIn(
  type: string,
  options: Readonly<Record<string, unknown>> = {},
  more: Partial<LossEntry> = {},
): LossEntry {
  const descriptor = losses.find(({id}) => id === type);
  if (!descriptor) throw new Error(`no loss '${type}'`);
  return {descriptor, id: type, undefined: 'skip', options: descriptor.options.parse(options), ...more};
}

/** What a loss of a test does; the rest is as in a plain loss of pred and target. */
export interface TestLoss extends Partial<LossDescriptor> {
  readonly instance?: Partial<LossInstance>;
  /** The value of one sample, where `instance` has no `perSample` of its own. */
  readonly value?: (sample: SampleViews) => Cell;
}

/** An entry for a loss written in a test. Its id is `custom` unless given. */
export function custom({instance, value = () => 0, ...descriptor}: TestLoss, more: Partial<LossEntry> = {}): LossEntry {
  const made: LossInstance = {
    columns: [{part: '', better: 'lower'}],
    view: {color: 'rgb', range: [0, 1], cropBorder: 0},
    memory: (height, width, channels) => 4 * height * width * channels,
    perSample: async ({samples}: Batch) => ({'': samples.map(value)}),
    ...instance,
  };
  return {
    descriptor: {
      id: 'custom',
      family: 'pixel',
      better: 'lower',
      summary: '',
      formula: '',
      reference: '',
      undefinedWhen: '',
      inputs: {pred: 'pixels', target: 'pixels'},
      objective: 'itself',
      options: z.strictObject({}),
      create: () => made,
      ...descriptor,
    },
    id: 'custom',
    undefined: 'skip',
    options: {},
    ...more,
  };
}

/** The value of the prediction's first pixel. */
export function firstPixel(sample: SampleViews): number {
  const {data, scale, offset} = sample.view('pred');
  return (data[0] as number) * scale + offset;
}
