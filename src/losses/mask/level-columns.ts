import * as z from 'zod';
import {sumOf} from '../../statistics/sum.js';
import type {LossColumn, LossColumns} from '../contract.js';
import type {Levels} from './levels.js';

/** The option that carries a histogram of probabilities, as a config writes it. */
export const binsOption = {
  bins: z
    .int()
    .min(0)
    .max(1024)
    .refine((bins) => bins !== 1, 'expected 0, or at least 2')
    .default(0)
    .describe(
      'levels of probability that each row counts pixels at, two columns a level, so that there is a value over the dataset; 256 is exact for 8-bit probabilities; 0: none',
    ),
};

const KINDS = ['positive', 'negative'] as const;

/** The columns of a class's histogram; `prefix` tells classes apart. */
export function levelColumns(bins: number, prefix = ''): LossColumn[] {
  return KINDS.flatMap((kind) =>
    Array.from({length: bins}, (_, level) => ({part: `${prefix}${kind}.${level}`, better: 'none'})),
  );
}

/** The cells of those columns: each level counts at the nearest of `bins` equally spaced ones. */
export function levelCells(of: Levels, bins: number, prefix = ''): Record<string, number> {
  const cells: Record<string, number> = {};
  for (const kind of KINDS) {
    const histogram = new Float64Array(bins);
    of.levels.forEach((level, i) => {
      const bin = Math.round(level * (bins - 1));
      histogram[bin] = (histogram[bin] as number) + (of[kind][i] as number);
    });
    histogram.forEach((weight, level) => {
      cells[`${prefix}${kind}.${level}`] = weight;
    });
  }
  return cells;
}

/** The histogram of the dataset. */
export function datasetLevels(columns: LossColumns, bins: number, prefix = ''): Levels {
  const total = (kind: string) =>
    Float64Array.from({length: bins}, (_, level) => {
      const cells = columns.numbers(`${prefix}${kind}.${level}`);
      return sumOf(cells.length, (row) => cells[row] as number);
    });
  return {
    levels: Float64Array.from({length: bins}, (_, level) => level / (bins - 1)),
    positive: total('positive'),
    negative: total('negative'),
  };
}
