import * as z from 'zod';
import {sumOf} from '../../statistics/sum.js';
import {type ClassName, defineLoss, type LossColumn, type LossColumns} from '../contract.js';
import {IGNORED} from '../pixel/class-labels.js';
import {scoreView} from '../pixel/scores.js';
import {sampleLoss} from '../sample-loss.js';
import {pixelWeightRoles} from '../view-options.js';
import {countPixels} from './class-counts.js';
import {countCells, countColumns, datasetCounts, distinctColumns} from './count-columns.js';
import {maskInputs, maskOptions} from './mask-options.js';
import {countStored, eachStrip} from './mask-strips.js';
import {type HardMasks, hardMasks} from './masks.js';

const BINARY = ['tp', 'fp', 'fn', 'tn'] as const;
const CELL = /^c\d+_\d+$/;

/**
 * Confusion matrix. No value of its own: columns carry the counts of a sample, the aggregate the matrix of the dataset,
 * rows the target's classes and columns the predicted ones. Binary: `tp`, `fp`, `fn`, `tn`. Several classes: `<class>`,
 * the pixels that the target has of it, and `c<i>_<j>`, the pixels of the i-th class predicted as the j-th (from 0, in the
 * order of ids): K² columns, so that shards add up.
 */
export const confusion = defineLoss({
  id: 'confusion',
  family: 'mask',
  better: 'none',
  summary: 'Confusion matrix: pixels by class in the target and in the prediction',
  formula: 'counts[i][j] = pixels of class i predicted as class j; normalised: each row by its sum',
  range: 'counts of pixels; parts of 1 where normalised',
  unit: 'pixels',
  use: 'Which class is taken for which. It is a table, not a number: no gate, no worst image.',
  reference: 'sklearn.metrics.confusion_matrix',
  undefinedWhen: 'never; a class that no target has has no normalised row',
  inputs: maskInputs,
  optionalInputs: pixelWeightRoles,
  objective: 'none',
  options: z.strictObject(maskOptions),
  create: (options, {classes}) =>
    sampleLoss({
      columns: distinctColumns(classes ? matrixColumns(classes) : countColumns(null, BINARY)),
      view: scoreView(options),
      cells(sample) {
        const masks = hardMasks(sample, options, classes);
        if (!classes) return countCells(countPixels(sample, masks), null, BINARY);
        const matrix = new Float64Array(classes.length ** 2);
        addPixels(matrix, masks, sample.weights());
        return matrixCells(matrix, classes);
      },
      stored(sample) {
        if (!classes) return countCells(countStored(sample, options, null), null, BINARY);
        const matrix = new Float64Array(classes.length ** 2);
        eachStrip(sample, options, classes, (masks) => addPixels(matrix, masks, null));
        return matrixCells(matrix, classes);
      },
    }),
  aggregate: (columns) => ({...datasetMatrix(columns)}),
});

function matrixColumns(classes: readonly ClassName[]): LossColumn[] {
  const cells = classes.flatMap((_, i) => classes.map((_unused, j) => `c${i}_${j}`));
  return [...classes.map(({name}) => name), ...cells].map((part) => ({part, better: 'none'}));
}

function addPixels(matrix: Float64Array, {pred, target}: HardMasks, weights: Float32Array | null): void {
  const size = Math.sqrt(matrix.length);
  for (let i = 0; i < target.length; i++) {
    const truth = target[i] as number;
    if (truth === IGNORED) continue;
    const at = truth * size + (pred[i] as number);
    matrix[at] = (matrix[at] as number) + (weights ? (weights[i] as number) : 1);
  }
}

function matrixCells(matrix: Float64Array, classes: readonly ClassName[]): Record<string, number> {
  const size = classes.length;
  const cells: Record<string, number> = {};
  classes.forEach(({name}, i) => {
    const row = matrix.subarray(i * size, (i + 1) * size);
    cells[name] = row.reduce((sum, count) => sum + count, 0);
    row.forEach((count, j) => {
      cells[`c${i}_${j}`] = count;
    });
  });
  return cells;
}

/** The confusion matrix of a dataset. */
interface ConfusionMatrix {
  /** Class names, in the order of rows and columns. */
  readonly classes: readonly string[];
  /** Pixels of the row's class predicted as the column's. */
  readonly counts: readonly (readonly number[])[];
  /** The same by the row's sum; null in the row of a class that no target has. */
  readonly normalised: readonly (readonly (number | null)[])[];
}

function datasetMatrix(columns: LossColumns): ConfusionMatrix {
  const {classes, counts} = columns.parts.some((part) => CELL.test(part))
    ? summedMatrix(columns)
    : binaryMatrix(columns);
  const normalised = counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total > 0 ? count / total : null));
  });
  return {classes, counts, normalised};
}

function summedMatrix(columns: LossColumns) {
  const classes = columns.parts.filter((part) => !CELL.test(part));
  const counts = classes.map((_, i) =>
    classes.map((_unused, j) => {
      const cells = columns.numbers(`c${i}_${j}`);
      return sumOf(cells.length, (row) => cells[row] as number);
    }),
  );
  return {classes, counts};
}

function binaryMatrix(columns: LossColumns) {
  const [{tp, fp, fn, tn} = {tp: 0, fp: 0, fn: 0, tn: 0}] = datasetCounts(columns).classes;
  return {
    classes: ['background', 'foreground'],
    counts: [
      [tn, fp],
      [fn, tp],
    ],
  };
}
