import type {Mistake} from '../../errors.js';
import type {RunReason} from '../../messages/catalogue.js';
import type {PathMap} from '../../run/path-map.js';

/** How a worker makes a run ready. */
export interface OpenRequest {
  readonly ask: 'open';
  /** The run's folder on this machine. */
  readonly folder: string;
  readonly map: PathMap;
  readonly jobs: number | null;
  /** Bytes. */
  readonly maxMemory: number | null;
  readonly plugins: readonly string[];
}

/** A shard to be scored by the run that is open. */
export interface ScoreRequest {
  readonly ask: 'score';
  readonly index: number;
  /** The folder for its rows, which is to be made. */
  readonly attempt: string;
  /** The folder of an earlier attempt, whose rows are taken apart from those whose files could not be read; null for none. */
  readonly earlier: string | null;
}

/** What the scoring process is asked. */
export type ScorerRequest = OpenRequest | ScoreRequest | {readonly ask: 'stop'};

/** Rows of a shard by their status, and how many have a file that could not be read. */
export interface ShardCounts {
  readonly ok: number;
  readonly undefined: number;
  readonly failed: number;
  readonly unreadable: number;
  /** Why the first of these could not. */
  readonly first: string;
}

/** What the scoring process answers, once a request. */
export type ScorerAnswer =
  | {readonly tell: 'opened'}
  /** The shard's rows are in the attempt's folder, all of them. */
  | {readonly tell: 'scored'; readonly counts: ShardCounts}
  /** It was asked to stop: the rows so far are in the attempt's folder. */
  | {readonly tell: 'stopped'; readonly rows: number}
  /** This machine or this version cannot score the run. */
  | {readonly tell: 'refused'; readonly mistakes: readonly Mistake[]}
  /** The shard could not be scored, here and now. */
  | {readonly tell: 'failed'; readonly code: RunReason; readonly message: string};

/** What it says beside that. */
export type ScorerNews =
  | {readonly tell: 'notice'; readonly line: string}
  | {readonly tell: 'progress'; readonly rows: number; readonly of: number};
