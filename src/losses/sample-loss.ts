import type {Cell} from '../rows/row.js';
import type {BatchCells, LossColumn, LossInstance} from './contract.js';
import type {LossMap} from './pixel-map.js';
import type {SampleViews, StoredSample, ViewOptions} from './sample-contract.js';

/** What a loss on typed arrays is made of, beside its descriptor. */
export interface SampleLossParts {
  readonly columns: readonly LossColumn[];
  readonly view: ViewOptions;
  /** The cells of one sample by column part, in float64. Throws SampleError for a sample that makes no sense. */
  cells(sample: SampleViews): Readonly<Record<string, Cell>>;
  /** The same of a sample whose images memory does not hold; left out where they are needed whole. */
  stored?(sample: StoredSample): Readonly<Record<string, Cell>>;
  readonly pixelMap?: LossMap;
}

/** Makes a loss that is no tensor program (counts, distances, components): one sample after another, on every device. */
export function sampleLoss({columns, view, cells, stored, pixelMap}: SampleLossParts): LossInstance {
  return {
    columns,
    view,
    // Typed arrays, no tensor memory.
    memory: () => 0,
    fused: cells,
    ...(stored && {stored}),
    ...(pixelMap && {pixelMap}),
    async perSample({samples}): Promise<BatchCells> {
      const rows = samples.map(cells);
      return Object.fromEntries(columns.map(({part}) => [part, rows.map((row) => row[part] ?? null)]));
    },
  };
}
