import {performance} from 'node:perf_hooks';
import {plainConfig} from './config/plain.js';
import {type ConfigInput, type ConfigRequest, resolveConfig} from './config/resolve.js';
import {buildReport} from './report/build.js';
import {openReport} from './report/open.js';
import type {Report} from './report/report.js';
import type {Row} from './rows/row.js';
import {Run} from './run/run.js';
import {gatherSamples} from './samples/gather.js';

/** What a caller may watch and stop. */
export interface EvaluateOptions extends Omit<ConfigRequest, 'flags'> {
  /** Called once, when the samples are known and before the first is read. */
  readonly onStart?: (run: {readonly samples: number}) => void;
  /** Called for every row, in key order. */
  readonly onRow?: (row: Row) => void;
  /** Stops the run between two batches; `evaluate` then rejects with the signal's reason and writes nothing. */
  readonly signal?: AbortSignal;
}

/** The result of a run. */
export interface Evaluation {
  /** What report.json holds. */
  readonly report: Report;
  /** The worst samples of each column, the worst first. */
  readonly worst: Readonly<Record<string, readonly {readonly key: string; readonly value: number}[]>>;
  readonly seconds: number;
}
