import {Matrix, solve} from 'ml-matrix';

const scores = {
  row: {unit: 'pair', of: ({pairs}) => pairs},
  bytes: {unit: 'megabyte read', of: ({pairs, pairBytes}) => (pairs * pairBytes) / 1e6},
  decode: {unit: 'megapixel decoded', of: ({pairs, side}) => (2 * pairs * side ** 2) / 1e6},
  ssim: {
    unit: 'megapixel compared by ssim',
    of: ({pairs, side, losses}) => (losses.includes('ssim') ? pairs * side ** 2 : 0) / 1e6,
  },
};

/** What a run in shards costs, part by part: seconds of one core for each unit of it. */
export const parts = {
  process: {unit: 'process', of: ({workers}) => workers},
  table: {unit: 'row and process', of: ({workers, pairs}) => workers * pairs},
  ...scores,
};

/** What a run through a queue costs beside the scores themselves. */
export const queueParts = {
  'queue: run': {unit: 'run', of: () => 1},
  'queue: worker': {unit: 'worker', of: ({workers}) => workers},
  'queue: table': {unit: 'row and worker', of: ({workers, pairs}) => workers * pairs},
  'queue: row': {unit: 'pair', of: ({pairs}) => pairs},
};

/**
 * Fits the parts to runs by least squares of the relative errors; a part that came out negative is left out (0).
 * Gives `{cost: seconds by part, worst: the largest relative error}`.
 */
export function fittedModel(runs) {
  return fitted(
    runs.map((run) => ({run, seconds: run.cpuSeconds})),
    parts,
  );
}

/** The same of what those runs took through a queue, beyond the scores that a model of the runs in shards has; null without a queue. */
export function queueModel(runs, {cost}) {
  const queued = runs.filter(({queue}) => queue);
  if (queued.length === 0) return null;
  const ofScores = (run) => cpuSecondsOf(cost, run, scores);
  const rest = queued.map((run) => ({run, seconds: run.queue.cpuSeconds - ofScores(run)}));
  const {cost: ofQueue} = fitted(rest, queueParts);
  const errors = queued.map((run) =>
    Math.abs((ofScores(run) + cpuSecondsOf(ofQueue, run, queueParts)) / run.queue.cpuSeconds - 1),
  );
  return {cost: ofQueue, worst: Math.max(...errors)};
}

/** Seconds of one core that a run takes by the costs of some parts. */
export function cpuSecondsOf(cost, run, some = parts) {
  return Object.entries(some).reduce((sum, [name, {of}]) => sum + cost[name] * of(run), 0);
}

function fitted(measured, some) {
  let names = Object.keys(some);
  for (;;) {
    const rows = measured.map(({run, seconds}) => names.map((name) => some[name].of(run) / seconds));
    const found = solve(new Matrix(rows), Matrix.columnVector(measured.map(() => 1)), true).to1DArray();
    const least = Math.min(...found);
    if (least < 0) {
      names = names.filter((_, i) => found[i] !== least);
      continue;
    }
    const cost = Object.fromEntries(Object.keys(some).map((name) => [name, found[names.indexOf(name)] ?? 0]));
    const errors = measured.map(({run, seconds}) => Math.abs(cpuSecondsOf(cost, run, some) / seconds - 1));
    return {cost, worst: Math.max(...errors)};
  }
}
