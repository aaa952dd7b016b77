import type {Cell, Direction} from '../../rows/row.js';
import {sumOf} from '../../statistics/sum.js';
import type {LossColumns, LossContext, LossInstance} from '../contract.js';
import {scoreView} from '../pixel/scores.js';
import {sampleLoss} from '../sample-loss.js';
import {classChannels} from './class-channels.js';
import {WRONG_PIXELS, wrongPixels} from './class-maps.js';
import {classMasks, type MaskPair} from './class-masks.js';
import {distinctColumns} from './count-columns.js';
import {type CountAggregate, meanOf, numberOrNull} from './count-loss.js';
import type {MaskReading} from './mask-options.js';
import {hardMasks} from './masks.js';

/** The options that `classMaskLoss` itself reads. */
interface ClassMaskOptions extends MaskReading {
  readonly crop_border: number;
  readonly background: boolean;
}

/** A loss of the shape of one class's masks, beside its descriptor. */
export interface ClassMaskFormula {
  readonly options: ClassMaskOptions;
  readonly better: Direction;
  /** Columns beside the loss's own. */
  readonly parts?: readonly string[];
  /** Parts of a class's cells that add up over the dataset: a column for each class, 0 where neither mask holds it. */
  readonly counts?: readonly string[];
  /** The value where neither mask holds the class that counts; undefined unless given. */
  readonly bothEmpty?: number;
  /** The cells of one class, by part (`''`: the value), given its masks, of which at least one is not empty. */
  cells(pair: MaskPair): Readonly<Record<string, Cell>>;
}

/**
 * Makes a loss of hard masks that looks at their shape. Binary: of the foreground. Multi-class: the mean over the
 * classes that prediction or target hold and that have a value, and a column for each class, `n/a` where neither holds
 * it; without class id 0 where `background` is false. Undefined where no pixel is valid.
 */
export function classMaskLoss({classes}: LossContext, formula: ClassMaskFormula): LossInstance {
  const {options, better, parts = [], counts = [], cells} = formula;
  const own = ['', ...parts];
  const channels = classChannels(classes, options);
  const named = channels.flatMap(({name}) => (name === null ? [] : [name]));
  return sampleLoss({
    columns: distinctColumns([
      ...[...own, ...named].map((part) => ({part, better})),
      ...channels.flatMap(({name}) => counts.map((count) => ({part: ofClass(name, count), better: 'none' as const}))),
    ]),
    view: scoreView(options),
    pixelMap: {
      shows: WRONG_PIXELS,
      better: 'lower',
      of: (sample) => wrongPixels(sample, hardMasks(sample, options, classes)),
    },
    cells(sample) {
      const masks = classMasks(hardMasks(sample, options, classes));
      const found = channels.map(({label}) => {
        const pair = masks.ignored ? null : masks.pair(label);
        return pair && cells(pair);
      });
      const present = found.filter((of) => of !== null);
      const none = emptyCell(formula, classes !== null, masks.ignored);
      return Object.fromEntries([
        ...own.map((part) => [
          part,
          meanCell(
            present.map((of) => of[part] as Cell),
            none,
          ),
        ]),
        ...named.map((name, k) => [name, found[k]?.[''] ?? 'n/a']),
        ...channels.flatMap(({name}, k) => counts.map((count) => [ofClass(name, count), found[k]?.[count] ?? 0])),
      ]);
    },
  });
}

/** The part that carries a count of a class; of a binary run the count alone. */
function ofClass(name: string | null, count: string): string {
  return name === null ? count : `${name}.${count}`;
}

/** What stands where no class that counts is in either mask. */
function emptyCell({bothEmpty}: ClassMaskFormula, several: boolean, ignored: boolean): Cell {
  if (ignored) return {undefined: 'no valid pixel'};
  if (bothEmpty !== undefined) return bothEmpty;
  return {undefined: several ? 'both masks hold background only' : 'both masks are empty'};
}

/** The mean of the cells that are numbers; the first reason where none is, `none` where there is no cell. */
function meanCell(cells: readonly Cell[], none: Cell): Cell {
  const numbers = cells.filter((cell) => typeof cell === 'number');
  if (numbers.length === 0) return cells[0] ?? none;
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

/**
 * Makes the aggregates of the same from the counts of `parts`, summed over the rows: the value of each class's sums (NaN
 * where it does not exist), and the mean over the classes that have one.
 */
export function classMaskAggregate<Part extends string>(
  columns: LossColumns,
  parts: readonly [Part, ...Part[]],
  value: (sums: Readonly<Record<Part, number>>) => number,
): CountAggregate {
  const known = new Set(columns.parts);
  const total = (part: string) => {
    const numbers = columns.numbers(part);
    return sumOf(numbers.length, (row) => numbers[row] as number);
  };
  const ofSums = (name: string | null) =>
    value(Object.fromEntries(parts.map((part) => [part, total(ofClass(name, part))])) as Record<Part, number>);
  const names = columns.parts.filter((name) => parts.every((part) => known.has(ofClass(name, part))));
  if (names.length === 0) return {dataset: numberOrNull(ofSums(null))};
  const values = names.map(ofSums);
  return {
    dataset: numberOrNull(meanOf(values)),
    per_class: Object.fromEntries(names.map((name, i) => [name, numberOrNull(values[i] as number)])),
  };
}
