import type {Device} from '../device/device.js';
import type {Row} from '../rows/row.js';
import type {Sample, Samples} from '../samples/sample.js';
import type {KeptFiles} from './decoded-files.js';
import {prefetch} from './prefetch.js';
import {bytesOf, type ReadySample, type RowKeeper} from './rows.js';
import type {Run} from './start.js';

/** As much of a run as scoring in step needs, and who keeps its rows. */
export interface SteppedRun {
  readonly run: Pick<Run, 'samples' | 'load' | 'score'>;
  readonly keeper: RowKeeper | null;
}

/** A sample of one of the runs. */
interface Step {
  readonly run: number;
  /** Place of the sample in the run's table. */
  readonly at: number;
  /** Decoded files of the keys under way. */
  readonly kept: KeptFiles;
  /** Whether it is the run's last one among these keys. */
  readonly last: boolean;
}

/** Keys scored at once where that is quicker and no batch size was asked for. */
const KEYS_AT_ONCE = 8;

/**
 * The rows of several runs over the same targets, which go through their keys side by side: all runs that have a key
 * score it before the next. So the files that they have in common are decoded once and kept only while a run still
 * needs them, and a network finds the target's features again. On the CPU, where samples are computed one by one, a step
 * is one key, on a GPU a batch of them. Memory depends on neither the number of samples nor that of runs. Throws as
 * `Run.rows` does.
 */
export async function* rowsInStep(
  runs: readonly SteppedRun[],
  {device, batchSize}: {readonly device: Pick<Device, 'name'>; readonly batchSize: number | null},
): AsyncGenerator<{readonly run: number; readonly row: Row}> {
  const keysAtOnce = device.name === 'cpu' ? 1 : (batchSize ?? KEYS_AT_ONCE);
  const steps = stepsOf(
    runs.map(({run}) => run.samples),
    keysAtOnce,
  );
  const load = async ({run, at, kept, last}: Step) => {
    const {run: loading, keeper} = runs[run] as SteppedRun;
    return {run, loaded: await loading.load(at, {kept, keeper}), last};
  };
  let chunk: ReadySample[] = [];
  for await (const {run, loaded, last} of prefetch(steps, load, (step) => bytesOf(step.loaded))) {
    chunk.push(loaded);
    if (!last) continue;
    const {run: scoring, keeper} = runs[run] as SteppedRun;
    for (const row of await scoring.score(chunk, keeper)) yield {run, row};
    chunk = [];
  }
}

/** The samples of tables sorted by key, `keysAtOnce` keys at a time: of these, those of the first table, the second, … */
function* stepsOf(tables: readonly Samples[], keysAtOnce: number): Generator<Step> {
  const next = tables.map(() => 0);
  for (;;) {
    const taken: number[][] = tables.map(() => []);
    for (let keys = 0; keys < keysAtOnce; keys++) {
      const heads = tables.map((table, run) => table.at(next[run] as number));
      const key = smallest(heads);
      heads.forEach((sample, run) => {
        if (sample === undefined || sample.key !== key) return;
        taken[run]?.push((next[run] as number)++);
      });
    }
    if (taken.every(({length}) => length === 0)) return;
    const kept: KeptFiles = new Map();
    for (const [run, places] of taken.entries()) {
      for (const [i, at] of places.entries()) yield {run, at, kept, last: i === places.length - 1};
    }
  }
}

/** The first key by code unit; undefined where no sample is left. */
function smallest(samples: readonly (Sample | undefined)[]): string | undefined {
  let first: string | undefined;
  for (const sample of samples) if (sample && (first === undefined || sample.key < first)) first = sample.key;
  return first;
}
