import {SampleError} from '../../errors.js';
import {losses as builtIn} from '../../losses/registry.js';
import type {Cell} from '../../rows/row.js';
import type {Sample} from '../../samples/sample.js';
import type {LossEntry} from '../configured-loss.js';
import type {LoadedSample, ScoredSample} from '../load.js';
import type {LossOutcome} from '../score.js';
import type {RunSettings} from '../start.js';

/** What a thread is told once: enough to read, decode and score samples as the run itself would. Structured clones. */
export interface ThreadWork {
  readonly settings: Pick<RunSettings, 'image' | 'size' | 'cwd' | 'pathMap' | 'maxSeconds' | 'memory' | 'classes'>;
  /** The run's losses, named by their type. */
  readonly losses: readonly (Omit<LossEntry, 'descriptor'> & {readonly type: string})[];
  /** What losses found in their first pass, by id. */
  readonly prepared: Readonly<Record<string, unknown>>;
  /** Files that serve every sample. */
  readonly shared: ReadonlySet<string>;
  /** Whether time is measured. */
  readonly measured: boolean;
}

/** What is wrong with a sample or with one of its losses. */
interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What a thread made of a sample; the cells of each loss in order. */
export type ThreadResult = Pick<LoadedSample, 'sha256' | 'files'> &
  (
    | {readonly failure: Failure}
    | {
        readonly height: number;
        readonly width: number;
        readonly bytes: number;
        readonly outcomes: readonly ({readonly cells: Readonly<Record<string, Cell>>} | {readonly failure: Failure})[];
      }
  );

/** The entries of losses as a thread is told them. */
export function namedLosses(entries: readonly LossEntry[]): ThreadWork['losses'] {
  return entries.map(({id, weight, undefined: policy, options, descriptor}) => ({
    type: descriptor.id,
    id,
    ...(weight !== undefined && {weight}),
    undefined: policy,
    options,
  }));
}

/** The entries that `namedLosses` named. */
export function lossEntries(named: ThreadWork['losses']): LossEntry[] {
  return named.map(({type, ...entry}) => {
    const descriptor = builtIn.find(({id}) => id === type);
    if (!descriptor) throw new TypeError(`no built-in loss is called ${type}`);
    return {...entry, descriptor};
  });
}

/** A sample that was loaded, and scored unless it failed, as a thread sends it. */
export function toResult(loaded: LoadedSample, outcomes: readonly LossOutcome[]): ThreadResult {
  const {sha256, files} = loaded;
  if ('failure' in loaded) return {sha256, files, failure: failureOf(loaded.failure)};
  const {height, width, bytes} = loaded;
  const sent = outcomes.map((one) => ('failure' in one ? {failure: failureOf(one.failure)} : one));
  return {sha256, files, height, width, bytes, outcomes: sent};
}

/** The sample that a thread sent. */
export function fromResult(sample: Sample, result: ThreadResult): ScoredSample {
  if ('failure' in result) return {...result, sample, failure: errorOf(result.failure)};
  const outcomes = result.outcomes.map(
    (one): LossOutcome => ('failure' in one ? {failure: errorOf(one.failure)} : one),
  );
  return {...result, sample, outcomes};
}

function failureOf({code, message}: SampleError): Failure {
  return {code, message};
}

function errorOf({code, message}: Failure): SampleError {
  return new SampleError(code, message);
}
