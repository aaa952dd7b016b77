import {Matrix, solve} from 'ml-matrix';

/** What a run costs, part by part: seconds of one core for each unit of it. */
export const parts = {
  process: {unit: 'process', of: ({workers}) => workers},
  table: {unit: 'row and process', of: ({workers, pairs}) => workers * pairs},
  row: {unit: 'pair', of: ({pairs}) => pairs},
  bytes: {unit: 'megabyte read', of: ({pairs, pairBytes}) => (pairs * pairBytes) / 1e6},
  decode: {unit: 'megapixel decoded', of: ({pairs, side}) => (2 * pairs * side ** 2) / 1e6},
  ssim: {
    unit: 'megapixel compared by ssim',
    of: ({pairs, side, losses}) => (losses.includes('ssim') ? pairs * side ** 2 : 0) / 1e6,
  },
};

/**
 * Fits the parts to runs by least squares of the relative errors; a part that came out negative is left out (0).
 * Gives `{cost: seconds by part, worst: the largest relative error}`.
 */
export function fittedModel(runs) {
  let names = Object.keys(parts);
  for (;;) {
    const rows = runs.map((run) => names.map((name) => parts[name].of(run) / run.cpuSeconds));
    const found = solve(new Matrix(rows), Matrix.columnVector(runs.map(() => 1)), true).to1DArray();
    const least = Math.min(...found);
    if (least < 0) {
      names = names.filter((_, i) => found[i] !== least);
      continue;
    }
    const cost = Object.fromEntries(Object.keys(parts).map((name) => [name, found[names.indexOf(name)] ?? 0]));
    const errors = runs.map((run) => Math.abs(cpuSecondsOf(cost, run) / run.cpuSeconds - 1));
    return {cost, worst: Math.max(...errors)};
  }
}

/** Seconds of one core that a run takes by the model. */
export function cpuSecondsOf(cost, run) {
  return Object.entries(parts).reduce((sum, [name, {of}]) => sum + cost[name] * of(run), 0);
}
