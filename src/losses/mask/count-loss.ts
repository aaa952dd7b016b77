import type {Cell, Direction} from '../../rows/row.js';
import type {ClassName, LossColumns, LossContext, LossInstance} from '../contract.js';
import {scoreView} from '../pixel/scores.js';
import {sampleLoss} from '../sample-loss.js';
import {
  allPixels,
  type ClassCounts,
  type Counts,
  countPixels,
  isPresent,
  NO_VALID_PIXEL,
  nothingCounted,
  targetPixels,
} from './class-counts.js';
import {WRONG_PIXELS, wrongPixels} from './class-maps.js';
import {type CountName, countCells, countColumns, datasetCounts, distinctColumns} from './count-columns.js';
import type {MaskReading} from './mask-options.js';
import {countStored} from './mask-strips.js';
import {hardMasks} from './masks.js';

/** What a loss makes of counts. */
export interface CountFormula {
  /** The value of one class, a column of its own in a run of several; NaN where it does not exist. */
  ofClass?(counts: Counts): number;
  /**
   * The value, from the counts of the scored classes (of a binary run the foreground's); NaN where it does not exist.
   * Without it: the foreground's value, or the mean over the classes that are in the prediction or the target and have one.
   */
  overall?(counts: ClassCounts): number;
  /** Whether a class that is nowhere has a value that counts in that mean. */
  readonly absentClasses?: boolean;
  /** The value from the share of wrong pixels, by weight, where it follows from that. */
  ofWrong?(share: number): number;
}

/** A loss that follows from counted pixels. */
export interface CountScore extends CountFormula {
  readonly better: Direction;
  /** The counts that a binary run carries as columns. */
  readonly binary: readonly CountName[];
  /** Why a value does not exist. */
  readonly reason: string;
}

/** What `countLoss` needs of a loss's options. */
export interface CountOptions extends MaskReading {
  readonly crop_border: number;
  /** Whether class id 0 is scored; true where the loss has no such option. */
  readonly background?: boolean;
}

/**
 * Makes the instance of such a loss: its value, a column for each scored class, and the counts. A class that neither
 * mask has does not apply to the row.
 */
export function countLoss(context: LossContext, options: CountOptions, score: CountScore): LossInstance {
  const {classes} = context;
  const {better, binary, ofClass, ofWrong, reason} = score;
  const named = scoredClasses(classes, options);
  /** Of the counts, and why there may be none. */
  const cellsOf = (counts: ClassCounts, nothing: () => string) => {
    const scored = classes ? named.map((one) => counts.classes[classes.indexOf(one)] as Counts) : counts.classes;
    const cell = (value: number): Cell => (Number.isNaN(value) ? {undefined: reason} : value);
    const cells: Record<string, Cell> = {
      '':
        allPixels(counts) === 0 ? {undefined: nothing()} : cell(overallOf(score, {classes: scored, binary: !classes})),
      ...countCells(counts, classes, binary),
    };
    if (ofClass) {
      named.forEach(({name}, i) => {
        const of = scored[i] as Counts;
        const value = isPresent(of) ? ofClass(of) : Number.NaN;
        // A class without such a value (recall of one that the target lacks) is no fault of the row.
        cells[name] = Number.isNaN(value) ? 'n/a' : value;
      });
    }
    return cells;
  };
  return sampleLoss({
    columns: distinctColumns([
      {part: '', better},
      ...(ofClass ? named.map(({name}) => ({part: name, better})) : []),
      ...countColumns(classes, binary),
    ]),
    view: scoreView(options),
    pixelMap: {
      shows: WRONG_PIXELS,
      better: 'lower',
      ...(ofWrong && {value: ({mean}) => ofWrong(mean)}),
      of: (sample) => wrongPixels(sample, hardMasks(sample, options, classes)),
    },
    cells(sample) {
      const masks = hardMasks(sample, options, classes);
      return cellsOf(countPixels(sample, masks), () => nothingCounted(masks.target));
    },
    stored: (sample) => cellsOf(countStored(sample, options, classes), () => NO_VALID_PIXEL),
  });
}

/** The classes that a loss scores. */
export function scoredClasses(
  classes: readonly ClassName[] | null,
  {background = true}: {readonly background?: boolean},
): readonly ClassName[] {
  return (classes ?? []).filter(({id}) => background || id !== 0);
}

function overallOf(formula: CountFormula, counts: ClassCounts): number {
  const {overall, ofClass, absentClasses} = formula;
  if (overall) return overall(counts);
  const {classes, binary} = counts;
  const meant = binary || absentClasses ? classes : classes.filter(isPresent);
  return ofClass ? meanOf(meant.map(ofClass)) : Number.NaN;
}

/** The mean of the values that exist; NaN without any. */
export function meanOf(values: readonly number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

/** A loss's values from counts summed over the dataset; null where one does not exist. */
export interface CountAggregate {
  readonly [name: string]: unknown;
  /** The value, as of one sample that holds every pixel of the dataset. */
  readonly dataset: number | null;
  /** Of several classes, by class name. */
  readonly per_class?: Readonly<Record<string, number | null>>;
  /** Their mean, each class weighing as many pixels as the targets have of it. */
  readonly weighted?: number | null;
}

/** Makes the aggregates of `countLoss` from the columns of counts. */
export function countAggregate(columns: LossColumns, formula: CountFormula): CountAggregate {
  const {names, classes} = datasetCounts(columns);
  const {ofClass, absentClasses = false} = formula;
  if (!names) return {dataset: numberOrNull(overallOf(formula, {classes, binary: true}))};
  const parts = new Set(columns.parts);
  const scored = names.flatMap((name, c) =>
    !ofClass || parts.has(name) ? [{name, counts: classes[c] as Counts}] : [],
  );
  const counts = scored.map((one) => one.counts);
  const dataset = numberOrNull(overallOf(formula, {classes: counts, binary: false}));
  if (!ofClass) return {dataset};
  const values = counts.map((of) => (absentClasses || isPresent(of) ? ofClass(of) : Number.NaN));
  return {
    dataset,
    per_class: Object.fromEntries(scored.map(({name}, i) => [name, numberOrNull(values[i] as number)])),
    weighted: numberOrNull(weightedMean(values, counts.map(targetPixels))),
  };
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  values.forEach((value, i) => {
    const weight = weights[i] as number;
    if (Number.isNaN(value) || weight === 0) return;
    sum += weight * value;
    total += weight;
  });
  return sum / total;
}

/** Null for NaN. */
export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
