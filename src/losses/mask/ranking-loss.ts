import type {Cell} from '../../rows/row.js';
import type {LossColumns, LossContext, LossInstance} from '../contract.js';
import {scoreView} from '../pixel/scores.js';
import {sampleLoss} from '../sample-loss.js';
import {distinctColumns} from './count-columns.js';
import {meanOf, numberOrNull, scoredClasses} from './count-loss.js';
import {datasetLevels, levelCells, levelColumns} from './level-columns.js';
import {type Levels, levelsOf, totalOf} from './levels.js';
import {type ProbabilityReading, readProbabilities} from './probability-options.js';
import {nothingWeighed} from './soft-counts.js';

/** A loss of how the probabilities rank the pixels of a class among all. */
export interface RankingScore {
  /** NaN where it does not exist. */
  of(levels: Levels): number;
}

interface RankingOptions extends ProbabilityReading {
  readonly crop_border: number;
  readonly background: boolean;
  readonly bins: number;
}

/**
 * Makes the instance of such a loss: of a binary run the foreground's value; of several classes, each against all others,
 * the mean over those that the target has and that have a value, with a column each. A class that the target lacks does
 * not apply to the row.
 */
export function rankingLoss(context: LossContext, options: RankingOptions, {of}: RankingScore): LossInstance {
  const {classes} = context;
  const {bins} = options;
  const named = scoredClasses(classes, options);
  return sampleLoss({
    columns: distinctColumns([
      {part: '', better: 'higher'},
      ...named.map(({name}) => ({part: name, better: 'higher' as const})),
      ...(classes ? named.flatMap(({name}) => levelColumns(bins, `${name}.`)) : levelColumns(bins)),
    ]),
    view: scoreView(options),
    cells(sample) {
      const masks = readProbabilities(sample, options, classes);
      const nothing = nothingWeighed(masks);
      if (!classes) {
        const levels = levelsOf(masks, 0);
        return {'': nothing ? {undefined: nothing} : rankCell(levels, of), ...levelCells(levels, bins)};
      }
      const cells: Record<string, Cell> = {};
      for (const one of named) {
        const levels = levelsOf(masks, classes.indexOf(one));
        cells[one.name] = totalOf(levels.positive) === 0 ? 'n/a' : rankCell(levels, of);
        Object.assign(cells, levelCells(levels, bins, `${one.name}.`));
      }
      const values = named.flatMap(({name}) => (typeof cells[name] === 'number' ? [cells[name]] : []));
      const mean = meanOf(values);
      cells[''] = Number.isNaN(mean) ? {undefined: nothing ?? 'no class has a value'} : mean;
      return cells;
    },
  });
}

function rankCell(levels: Levels, of: RankingScore['of']): Cell {
  const value = of(levels);
  if (!Number.isNaN(value)) return value;
  return {undefined: totalOf(levels.positive) === 0 ? 'no pixel in the target' : 'no other pixel in the target'};
}

/** Makes the aggregates of the same from the histograms; none without them. */
export function rankingAggregate(
  columns: LossColumns,
  {bins}: {readonly bins: number},
  {of}: RankingScore,
): Readonly<Record<string, unknown>> {
  if (bins === 0) return {};
  const names = columns.parts.filter((part) => columns.parts.includes(`${part}.positive.0`));
  if (names.length === 0) return {dataset: numberOrNull(of(datasetLevels(columns, bins)))};
  const values = names.map((name) => of(datasetLevels(columns, bins, `${name}.`)));
  return {
    dataset: numberOrNull(meanOf(values)),
    per_class: Object.fromEntries(names.map((name, i) => [name, numberOrNull(values[i] as number)])),
  };
}
