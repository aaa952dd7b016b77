import {createRequire} from 'node:module';
import type {Piscina} from 'piscina';
import {RunError, SampleError, UsageError} from '../../errors.js';
import {notice} from '../../notice.js';
import type {Sample} from '../../samples/sample.js';
import {oneLine} from '../error-text.js';
import type {ScoredSample} from '../load.js';
import {BYTES_PER_PIXEL} from '../memory-budget.js';
import type {Profile} from '../profile.js';
import {areStarted, borrowPool, returnPool, SAMPLES_A_THREAD} from './kept-pools.js';
import {MemoryGate} from './memory-gate.js';
import type {ThreadAnswer, ThreadTask} from './thread.js';
import {fromResult, type ThreadWork} from './thread-work.js';

/** Threads take about a quarter of a second of a core each to start: for less work than this they do not pay. */
const WORTHWHILE_SECONDS = 0.5;

/** Runs of this process that could have threads. */
let runs = 0;

/** What earlier runs of this process spent on rows that they scored without threads: one that goes on like this will use them. */
let secondsOfRuns = 0;

/** How many threads score a run, and when they start. */
export interface ThreadOptions {
  readonly jobs: number;
  /** Rows of the run. */
  readonly rows: number;
  /** From the first sample on, as where they are started already; else once the rows to come would take longer than threads take to start. */
  readonly fromTheStart: boolean;
  /** Told where they do not start, which a run that did not ask for them goes on without. */
  readonly onNotice?: ((line: string) => void) | undefined;
  /** Learns what the threads spend. */
  readonly profile?: Profile | undefined;
}

/**
 * Threads that read, decode and score whole samples, two at a time each. Until they are there, and where they do not pay,
 * `take` gives null and the run scores the sample itself: a row is the same wherever it is computed.
 */
export class ScoringThreads {
  #pool: Piscina | null = null;
  #opening: Promise<void> | null = null;
  readonly #run = ++runs;
  #made = 0;
  #rows = 0;
  #seconds = 0;
  readonly #gate: MemoryGate;
  readonly #asked = new Set<Promise<unknown>>();
  #again: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly work: ThreadWork,
    private readonly options: ThreadOptions,
    /** The module that the threads run. */
    private readonly file = createRequire(import.meta.url).resolve('#scoring-thread'),
  ) {
    this.#gate = new MemoryGate((work.settings.memory?.total ?? Number.POSITIVE_INFINITY) / 2);
  }

  /** Samples that threads take at once. */
  get places(): number {
    return this.options.jobs * SAMPLES_A_THREAD;
  }

  /** Learns how long rows took that were scored without the threads. The first ones, which start what others find started, tell nothing. */
  measured(rows: number, seconds: number): void {
    this.#made += rows;
    if (this.#made === rows) return;
    this.#rows += rows;
    this.#seconds += seconds;
  }

  /** The sample, loaded and scored by a thread; null where the run has to do it. Throws RunError where the run must end. */
  take(sample: Sample): Promise<ScoredSample> | null {
    const {jobs, fromTheStart, onNotice} = this.options;
    const waits = fromTheStart || areStarted(this.file, jobs);
    if (!this.#pool && !waits && (this.#opening || !this.#pays())) return null;
    if (!this.#opening) {
      this.#opening = this.#open();
      this.#opening.catch((error: unknown) => {
        if (!waits) onNotice?.(notice('CVL-W017', `one core is used: threads do not start (${oneLine(error)})`));
      });
      if (!waits) return null;
    }
    const loading = this.#opening.then(() => this.#gate.run(() => this.#load(sample), workingBytes));
    this.#asked.add(loading);
    const forget = () => this.#asked.delete(loading);
    loading.then(forget, forget);
    return loading;
  }

  /** Gives the threads back, once they have nothing in hand: a decoder is not stopped half way. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await Promise.allSettled(this.#asked);
    if (this.#pool) returnPool(this.file, this.options.jobs);
    this.#pool = null;
    secondsOfRuns += this.#seconds;
    this.#seconds = 0;
  }

  #pays(): boolean {
    const {rows} = this.options;
    if (secondsOfRuns > WORTHWHILE_SECONDS) return true;
    return this.#rows > 0 && (this.#seconds / this.#rows) * (rows - this.#made) > WORTHWHILE_SECONDS;
  }

  async #open(): Promise<void> {
    this.#pool = await borrowPool(this.file, this.options.jobs);
  }

  async #load(sample: Sample): Promise<ScoredSample> {
    try {
      return await this.#ask(sample);
    } catch (error) {
      if (!isLostThread(error)) throw error;
      return this.#askAgain(sample);
    }
  }

  /** A thread that ended takes the samples in its hands with it: each is tried once more, one at a time. */
  async #askAgain(sample: Sample): Promise<ScoredSample> {
    const before = this.#again;
    const asking = before.then(() => this.#ask(sample));
    this.#again = asking.catch(() => undefined);
    try {
      return await asking;
    } catch (error) {
      if (!isLostThread(error)) throw error;
      const text = `the thread that scored it ended twice (${oneLine(error)}); score smaller images or crops`;
      return {sample, sha256: {}, files: {}, failure: new SampleError('out-of-memory', text)};
    }
  }

  async #ask(sample: Sample): Promise<ScoredSample> {
    const task: ThreadTask = {run: this.#run, work: this.work, sample};
    const answer = (await (this.#pool as Piscina).run(task)) as ThreadAnswer;
    if (answer.seconds) this.options.profile?.add(answer.seconds);
    if (!('ending' in answer)) return fromResult(sample, answer);
    const {ending} = answer;
    throw ending.kind === 'usage'
      ? new UsageError(ending.code, ending.message)
      : new RunError(ending.code, ending.message);
  }
}

/** What computing a sample took, in about. */
function workingBytes(loaded: ScoredSample): number {
  return 'failure' in loaded ? 0 : loaded.height * loaded.width * BYTES_PER_PIXEL;
}

function isLostThread(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const {code} = error as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || /^worker exited/i.test(error.message);
}
