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
    runs.map((run) => ({run, known: 0, seconds: run.cpuSeconds})),
    parts,
  );
}

/** The same of what those runs took through a queue, beyond the scores that a model of the runs in shards has; null without a queue. */
export function queueModel(runs, {cost}) {
  const queued = runs.filter(({queue}) => queue);
  if (queued.length === 0) return null;
  return fitted(
    queued.map((run) => ({run, known: cpuSecondsOf(cost, run, scores), seconds: run.queue.cpuSeconds})),
    queueParts,
  );
}

/** Seconds of one core that a run takes by the costs of some parts. */
export function cpuSecondsOf(cost, run, ofParts = parts) {
  return Object.entries(ofParts).reduce((sum, [name, {of}]) => sum + cost[name] * of(run), 0);
}

/** Fits parts to what runs took beyond what is known of them, by the errors relative to all that they took. */
function fitted(measured, ofParts) {
  let names = Object.keys(ofParts);
  for (;;) {
    const rows = measured.map(({run, seconds}) => names.map((name) => ofParts[name].of(run) / seconds));
    const wanted = measured.map(({known, seconds}) => (seconds - known) / seconds);
    const found = solve(new Matrix(rows), Matrix.columnVector(wanted), true).to1DArray();
    const least = Math.min(...found);
    if (least < 0 && names.length > 1) {
      names = names.filter((_, i) => found[i] !== least);
      continue;
    }
    const cost = Object.fromEntries(
      Object.keys(ofParts).map((name) => [name, Math.max(0, found[names.indexOf(name)] ?? 0)]),
    );
    const errors = measured.map(({run, known, seconds}) =>
      Math.abs((known + cpuSecondsOf(cost, run, ofParts)) / seconds - 1),
    );
    return {cost, worst: Math.max(...errors)};
  }
}
