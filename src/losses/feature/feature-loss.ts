import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import {UsageError} from '../../errors.js';
import type {Cell} from '../../rows/row.js';
import type {BatchCells, LossContext, LossInstance, TensorLibrary} from '../contract.js';
import {type FeatureNetwork, isTensorNetwork} from '../network-contract.js';
import {type LossMap, meanOfMap} from '../pixel-map.js';
import type {SampleViews, ViewOptions} from '../sample-contract.js';
import {cellOf} from '../tensor-loss.js';
import {ComparedLayers} from './compared-layers.js';
import {factorsOf, featureMap, ownFactor} from './feature-map.js';
import {FeatureProgram, type OwnTerm} from './feature-program.js';
import type {ImageComparison} from './image-comparison.js';
import {type WeightedSum, withSums, withTensorSums} from './weighted-sums.js';

/** What a loss of features is made of, beside its descriptor. */
export interface FeatureLossParts {
  readonly view: ViewOptions;
  readonly network: FeatureNetwork;
  /** Of one and the same prediction. */
  readonly comparisons: readonly ImageComparison[];
  readonly own?: OwnTerm;
  /** In order: a sum may be of earlier ones, and the last is the loss itself, part `''`. */
  readonly sums: readonly WeightedSum[];
  /** The prediction as the network takes it, `[n, h, w, 1 | 3]`, from the feeds of `own`; without it the comparisons' x. */
  image?(feeds: Readonly<Record<string, Tensor>>): Tensor4D;
}

/**
 * Makes a loss that is a weighted sum of comparisons of features, as a tensor program and, where the network has an
 * executor of its own, through that, sample by sample; a model of the user's own has only the latter.
 * Throws UsageError where two columns would have one name.
 */
export function featureLoss({tf}: LossContext, parts: FeatureLossParts): LossInstance {
  const {view, own, sums, network} = parts;
  const comparisons = parts.comparisons.map((comparison) => new ComparedLayers(tf, network, comparison));
  const sumParts = sums.map(({part}) => part).filter((part) => part !== '');
  const columns = ['', ...sumParts, ...(own ? [own.part] : []), ...comparisons.flatMap((one) => one.parts)];
  checkNames(network, columns);

  const viaNetwork = async (sample: SampleViews) => {
    const cells: Record<string, Cell> = own ? {[own.part]: fusedOwnCell(own, sample)} : {};
    for (const one of comparisons) Object.assign(cells, one.cells(sample, await one.fastTerms(sample)));
    return withSums(cells, sums);
  };
  const common = {
    columns: columns.map((part) => ({part, better: 'lower' as const})),
    view,
    ...mapPart(parts, comparisons),
    dispose() {
      for (const one of comparisons) one.dispose();
      own?.loss.dispose?.();
    },
  };
  if (!isTensorNetwork(network)) {
    return {
      ...common,
      memory: () => 0,
      viaNetwork,
      async perSample({samples}) {
        const rows: Record<string, Cell>[] = [];
        for (const sample of samples) rows.push(await viaNetwork(sample));
        return byColumn(columns, rows);
      },
    };
  }

  const program = new FeatureProgram(tf, {...parts, network}, comparisons);
  const instance: LossInstance = {
    ...common,
    memory: (height, width) => program.memory(height, width),
    program: {
      feed(batch) {
        const {kept, made} = program.feeds(batch);
        return {...kept, ...made};
      },
      forward: (feeds) => withTensorSums(tf, program.forward(feeds), sums),
    },
    async perSample(batch) {
      const {kept, made} = program.feeds(batch);
      try {
        const values = await numbersOf(
          tf,
          tf.tidy(() => program.forward({...kept, ...made})),
        );
        const rows = batch.samples.map((sample, i) => {
          const value = (part: string) => values[part]?.[i] as number;
          const cells = own ? {[own.part]: ownCell(own, value(own.part), sample)} : {};
          return withSums(
            Object.assign(cells, ...comparisons.map((one) => one.cells(sample, one.parts.map(value)))),
            sums,
          );
        });
        return byColumn(columns, rows);
      } finally {
        tf.dispose(made);
      }
    },
  };
  return comparisons.every(({isFast}) => isFast) ? {...instance, viaNetwork} : instance;
}

/** The map of the layers that have one, and of the loss's own term; none where only that is left. */
function mapPart({own, sums}: FeatureLossParts, comparisons: readonly ComparedLayers[]): {readonly pixelMap?: LossMap} {
  const mapped = comparisons.filter(({haveMaps}) => haveMaps);
  if (mapped.length === 0) return {};
  const isWhole = mapped.length === comparisons.length;
  const factors = factorsOf(sums);
  const pixelMap: LossMap = {
    shows: `difference of ${isWhole ? '' : 'content '}features${own ? `, with ${own.part}` : ''}`,
    better: 'lower',
    ...(isWhole && {value: meanOfMap}),
    async of(sample) {
      const layers = [];
      for (const one of mapped) layers.push(...(await one.maps(sample)));
      const map = own?.loss.pixelMap ? await own.loss.pixelMap.of(sample) : null;
      return featureMap(sample, layers, map, factors, own ? ownFactor(own, sample, factors) : 0);
    },
  };
  return {pixelMap};
}

/** Layers of a model of the user's own may have any name, and dots in them become `_`. */
function checkNames({id}: FeatureNetwork, parts: readonly string[]): void {
  const names = parts.map((part) => part.replaceAll('.', '_'));
  const twice = parts.find((_, i) => names.indexOf(names[i] as string) !== i);
  if (twice === undefined) return;
  throw new UsageError(
    'CVL-C020',
    `${id}: two columns would be named '${twice.replaceAll('.', '_')}'; rename an output of the model`,
  );
}

function byColumn(columns: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): BatchCells {
  return Object.fromEntries(columns.map((part) => [part, rows.map((row) => row[part] ?? null)]));
}

async function numbersOf(
  tf: TensorLibrary,
  tensors: Readonly<Record<string, Tensor1D>>,
): Promise<Readonly<Record<string, ArrayLike<number>>>> {
  try {
    const values: Record<string, ArrayLike<number>> = {};
    for (const [part, tensor] of Object.entries(tensors)) values[part] = await tensor.data();
    return values;
  } finally {
    tf.dispose(tensors);
  }
}

function ownCell(own: OwnTerm, value: number, sample: SampleViews): Cell {
  const known = Number.isNaN(value) ? own.undefinedReason?.(sample) : null;
  return known ? {undefined: known} : cellOf(value, sample);
}

function fusedOwnCell({loss, part, factor}: OwnTerm, sample: SampleViews): Cell {
  const cell = loss.fused?.(sample)[''];
  if (cell === undefined) throw new TypeError(`the loss of '${part}' has no fused form`);
  return typeof cell === 'number' ? cell * (factor?.(sample) ?? 1) : cell;
}
