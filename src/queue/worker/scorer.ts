import {type ChildProcess, fork} from 'node:child_process';
import {createRequire} from 'node:module';
import {RunError, UsageError, usageErrorOf} from '../../errors.js';
import type {OpenRequest, ScoreRequest, ScorerAnswer, ScorerNews, ScorerRequest, ShardCounts} from './messages.js';

/** How long a batch under way may take when the process is asked to stop. */
const STOP_MS = 10_000;

/** What became of a shard. */
export type Scored =
  | {readonly counts: ShardCounts}
  /** It was asked to stop, and left so many rows in the attempt's folder; none where it had to be ended. */
  | {readonly rows: number};

/** Told what the process says beside its answers. */
export interface ScorerWatch {
  onNotice(line: string): void;
  onProgress(rows: number, of: number): void;
}

/** The process of a worker that computes, one run at a time: for another run there is another process. */
export class Scorer {
  #process: ChildProcess | null = null;
  #open: string | null = null;
  #stopping = false;

  constructor(private readonly watch: ScorerWatch) {}

  /** Starts the process, so that it is there when the first shard comes. */
  start(): void {
    if (this.#process) return;
    const child = fork(createRequire(import.meta.url).resolve('#scoring-process'), [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('exit', () => {
      if (this.#process === child) this.end();
    });
    this.#process = child;
  }

  /** Makes a run ready. Throws UsageError where this machine cannot score it, RunError where it cannot now. */
  async open(request: Omit<OpenRequest, 'ask'>): Promise<void> {
    if (this.#open === request.folder && this.#process) return;
    if (this.#open !== null) this.end();
    this.start();
    const answer = await this.#ask({ask: 'open', ...request});
    if (answer.tell === 'opened') this.#open = request.folder;
    else {
      this.end();
      throw errorOf(answer);
    }
  }

  /** Scores a shard of the run that is open. Throws RunError where that fails. */
  async score(request: Omit<ScoreRequest, 'ask'>): Promise<Scored> {
    const answer = await this.#ask({ask: 'score', ...request});
    if (answer.tell === 'scored') return {counts: answer.counts};
    if (answer.tell === 'stopped') return {rows: answer.rows};
    // What went wrong there may have left something behind.
    this.end();
    const error = errorOf(answer);
    // The run is ready here: it is no mistake of this machine.
    throw error instanceof UsageError ? new RunError('loss-failed', error.message, {cause: error}) : error;
  }

  /** Has the shard under way end with its batch; a process that does not is ended. */
  stop(): void {
    this.#stopping = true;
    this.#process?.send({ask: 'stop'} satisfies ScorerRequest, () => undefined);
    setTimeout(() => this.end(), STOP_MS).unref();
  }

  /** Ends the process at once. */
  end(): void {
    this.#process?.kill('SIGKILL');
    this.#process = null;
    this.#open = null;
  }

  #ask(request: ScorerRequest): Promise<ScorerAnswer> {
    const child = this.#process;
    if (!child) throw new RunError('scorer-ended', 'the scoring process has ended');
    return new Promise((resolve, reject) => {
      const onMessage = (message: ScorerAnswer | ScorerNews) => {
        if (message.tell === 'notice') this.watch.onNotice(message.line);
        else if (message.tell === 'progress') this.watch.onProgress(message.rows, message.of);
        else done(() => resolve(message));
      };
      const onExit = (code: number | null, signal: string | null) => {
        if (this.#stopping) return done(() => resolve({tell: 'stopped', rows: 0}));
        const how = signal === null ? `with code ${code}` : `by ${signal}`;
        const text = `the scoring process was ended ${how}${signal === 'SIGKILL' ? ' (out of memory?)' : ''}`;
        done(() => reject(new RunError('scorer-ended', text)));
      };
      const done = (settle: () => void) => {
        child.off('message', onMessage);
        child.off('exit', onExit);
        settle();
      };
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.send(request, () => undefined);
    });
  }
}

function errorOf(answer: ScorerAnswer): Error {
  if (answer.tell === 'refused') return usageErrorOf(answer.mistakes);
  if (answer.tell === 'failed') return new RunError(answer.code, answer.message);
  return new RunError('scorer-ended', 'the scoring process was stopped');
}
