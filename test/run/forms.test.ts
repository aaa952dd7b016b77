import {beforeAll, describe, expect, onTestFinished, test} from 'vitest';
import type {Device} from '../../src/device/device.js';
import {losses as registered} from '../../src/losses/registry.js';
import type {Row} from '../../src/rows/row.js';
import {RunNetworks} from '../../src/run/networks.js';
import {scoreRows} from '../../src/run/rows.js';
import {expectClose, TOLERANCE, type Tolerance} from '../losses/close.js';
import type {Rasters} from '../losses/score.js';
import {asClasses, asDistributions, asMasks, asSigns, asStretchedMasks, photoCrops} from './crops.js';
import {cpu, tensorDevice} from './devices.js';
import {collect, loaded, stream} from './loaded.js';
import {builtIn, configuredWith} from './losses.js';

type Options = Readonly<Record<string, unknown>>;

/** What a loss is run on; a registered loss without an entry gets the photographs, of masks probabilities against masks. */
interface Inputs {
  readonly from?: (crops: readonly Rasters[]) => Rasters[];
  readonly options?: readonly Options[];
  /** Height and width of the crops. */
  readonly size?: readonly [number, number];
  /** How many crops are batched; 64 by default. */
  readonly count?: number;
  readonly tolerance?: Tolerance;
}

/** Losses of a prediction; one of other roles has tests of its own. */
const losses = registered.filter(({inputs}) => 'pred' in inputs);

const probabilities = {input: 'probabilities'};
const logits = {input: 'logits'};

const INPUTS: Readonly<Record<string, readonly Inputs[]>> = {
  'total-variation': [{options: [{}, {mode: 'isotropic'}, {mode: 'squared', reduction: 'mean'}]}],
  psnr: [{options: [{}, {color: 'ycbcr-y', crop_border: 4}]}],
  ssim: [{options: [{}, {color: 'luma8'}, {form: 'loss', range: [-1, 1]}]}],
  'ms-ssim': [{options: [{color: 'luma'}], size: [161, 163]}],
  'cross-entropy': [
    {from: asMasks, options: [probabilities]},
    {from: asClasses, options: [logits]},
    {from: asDistributionsAgainstLabels, options: [probabilities]},
  ],
  'weighted-cross-entropy': [
    {from: asMasks, options: [{...probabilities, class_weights: 'balanced', border: {}}]},
    {from: asClasses, options: [{...logits, class_weights: [0.5, 1, 2], normalize: 'pixels'}]},
  ],
  focal: [
    {from: asMasks, options: [{...probabilities, alpha: 0.25}]},
    {from: asClasses, options: [logits]},
  ],
  'kl-divergence': [{from: asDistributions, options: [probabilities]}],
  hinge: [{from: asSigns}],
  // Two runtimes, each with its own convolutions; an ignored corner would leave no position in crops so small.
  perceptual: features(withoutWeights),
  texture: features(withoutWeights),
  'content-style': features(withStyle, [{}, {statistic: 'gram'}]),
  topology: features((crops) => withoutWeights(asStretchedMasks(crops)), [probabilities]),
  lpips: features(withoutWeights, [{net: 'squeeze', weights: {hashed: 0}}]),
  // Variances of features that hardly differ, in float32.
  dists: features(withoutWeights, [{weights: {hashed: 0}}]).map((inputs) => ({
    ...inputs,
    tolerance: {relative: 1e-4, floor: 1e-6},
  })),
  ...bothModes('dice', 'iou', 'tversky', 'focal-tversky', 'generalised-dice', 'cl-dice'),
};

function bothModes(...ids: readonly string[]): Record<string, readonly Inputs[]> {
  const modes = [{...probabilities}, {...probabilities, mode: 'soft'}];
  return Object.fromEntries(ids.map((id) => [id, [{from: asStretchedMasks, options: modes}]]));
}

function features(from: NonNullable<Inputs['from']>, options: readonly Options[] = [{}]): readonly Inputs[] {
  return [{from, options, size: [48, 44], count: 10, tolerance: {...TOLERANCE, relative: 1e-4}}];
}

function withoutWeights(crops: readonly Rasters[]): Rasters[] {
  return crops.map(({weight, ignore, ...images}) => images);
}

function withStyle(crops: readonly Rasters[]): Rasters[] {
  const [style] = crops.map(({target}) => target as Rasters[string]);
  return withoutWeights(crops).map((images) => ({...images, style: style as Rasters[string]}));
}

function asDistributionsAgainstLabels(crops: readonly Rasters[]): Rasters[] {
  const labels = asClasses(crops);
  return asDistributions(crops).map((sample, i) => ({...sample, target: labels[i]?.target as Rasters[string]}));
}

const MASKS: readonly Inputs[] = [{from: asStretchedMasks, options: [probabilities]}];
const PHOTOS: readonly Inputs[] = [{}];

const cases = losses.flatMap(({id, family}) =>
  (INPUTS[id] ?? (family === 'mask' ? MASKS : PHOTOS)).flatMap(
    ({from = (crops) => [...crops], options = [{}], size = [24, 20], count = 64, tolerance = TOLERANCE}) =>
      options.map((chosen) => ({id, from, chosen, size, count, tolerance})),
  ),
);

let onCpu: Device;
let onTensors: Device;
beforeAll(async () => {
  onCpu = await cpu();
  onTensors = await tensorDevice();
});

/** Every other sample without weights, so that both ways are taken. */
function weightedByTurns(samples: readonly Rasters[]): Rasters[] {
  return samples.map(({weight, ignore, ...images}, i) =>
    i % 2 === 0 ? images : {...images, ...(weight && {weight}), ...(ignore && {ignore})},
  );
}

async function rowsOf(id: string, options: Options, samples: readonly Rasters[], device: Device, batchSize: number) {
  const networks = new RunNetworks(device, {threads: 1});
  onTestFinished(() => networks.close());
  const ready = await configuredWith((request) => networks.open(request), builtIn(id, options));
  const given = samples.map((rasters, i) => loaded(String(i).padStart(3, '0'), rasters));
  const {signal} = new AbortController();
  return collect<Row>(scoreRows(stream(given), {losses: ready, device, batchSize, signal}));
}

describe.each(cases)('$id $chosen', ({id, from, chosen, size, count, tolerance}) => {
  const samples = async (most: number) => weightedByTurns(from(await photoCrops(most, ...size)));

  test('the tensor form agrees with the CPU’s', async () => {
    const crops = await samples(10);
    const fused = await rowsOf(id, chosen, crops, onCpu, 64);
    const tensors = await rowsOf(id, chosen, crops, onTensors, 64);
    expect(fused.map(({status, reason}) => ({status, reason}))).toEqual(crops.map(() => ({status: 'ok', reason: ''})));
    expect(tensors.map(({key, status}) => ({key, status}))).toEqual(fused.map(({key, status}) => ({key, status})));
    fused.forEach(({key, cells}, i) => {
      for (const [column, cell] of Object.entries(cells)) {
        expectClose(tensors[i]?.cells[column], cell as number, tolerance, `${key} ${column}`);
      }
    });
    // A loss without a value of its own has its first part.
    const own = (cells: Row['cells']) => cells[id] ?? Object.values(cells)[0];
    expect(new Set(fused.map(({cells}) => own(cells))).size, 'different crops have different values').toBeGreaterThan(
      5,
    );
  });

  test('rows are the same bits for batches of 1, 7 and 64', async () => {
    const crops = await samples(id === 'ms-ssim' ? 16 : count);
    const whole = await rowsOf(id, chosen, crops, onTensors, 64);
    for (const batchSize of [1, 7]) {
      expect(await rowsOf(id, chosen, crops, onTensors, batchSize), `batches of ${batchSize}`).toStrictEqual(whole);
    }
  });
});
