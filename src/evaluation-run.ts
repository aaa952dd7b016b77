import type {Evaluation} from './evaluation.js';
import type {Row} from './rows/row.js';

/**
 * A run that gives its rows to whoever iterates it, and its evaluation to whoever awaits it. It begins with the first of
 * these, and is iterated once; awaited after the last row it has the evaluation at once. Awaited after the loop was left
 * early it rejects with an `AbortError`.
 */
export interface EvaluationRun extends Promise<Evaluation>, AsyncIterable<Row, void, undefined> {}

/** Rows, then the evaluation; `iterated` says whether somebody gets the rows one by one. */
type RowsThenEvaluation = (iterated: boolean) => AsyncGenerator<Row, Evaluation>;

/** Makes the run. Nothing is called before somebody iterates or awaits it; who iterates has no row after the signal. */
export function runOf(rows: RowsThenEvaluation, signal: AbortSignal | undefined): EvaluationRun {
  return new LazyRun(rows, signal);
}

/** What a generator returns, its values passed over. */
export async function lastOf<Last>(values: AsyncGenerator<unknown, Last>): Promise<Last> {
  for (;;) {
    const {done, value} = await values.next();
    if (done) return value;
  }
}

class LazyRun implements EvaluationRun {
  readonly [Symbol.toStringTag] = 'EvaluationRun';
  readonly #rows: RowsThenEvaluation;
  readonly #signal: AbortSignal | undefined;
  #evaluation: Promise<Evaluation> | null = null;

  constructor(rows: RowsThenEvaluation, signal: AbortSignal | undefined) {
    this.#rows = rows;
    this.#signal = signal;
  }

  // biome-ignore lint/suspicious/noThenProperty: a promise is what it is
  then<Fulfilled = Evaluation, Rejected = never>(
    onFulfilled?: ((evaluation: Evaluation) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.#whole().then(onFulfilled, onRejected);
  }

  catch<Rejected = never>(
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Evaluation | Rejected> {
    return this.#whole().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Evaluation> {
    return this.#whole().finally(onFinally);
  }

  [Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    if (this.#evaluation !== null) {
      throw new TypeError('evaluate: the rows are given once, to who iterates before awaiting: read Evaluation.rows');
    }
    const settling = withResolvers<Evaluation>();
    // Who iterates has the error from the loop; who awaits too has it again.
    settling.promise.catch(() => {});
    this.#evaluation = settling.promise;
    const rows = handedOut(this.#rows(true), this.#signal, settling);
    const leave = rows.return.bind(rows);
    rows.return = async () => {
      const left = await leave();
      // Of no effect where the evaluation is there.
      settling.reject(new DOMException('evaluate: the rows were left before the last one', 'AbortError'));
      return left;
    };
    return rows;
  }

  #whole(): Promise<Evaluation> {
    this.#evaluation ??= lastOf(this.#rows(false));
    return this.#evaluation;
  }
}

async function* handedOut(
  rows: AsyncGenerator<Row, Evaluation>,
  signal: AbortSignal | undefined,
  {resolve, reject}: Pick<Resolvers<Evaluation>, 'resolve' | 'reject'>,
): AsyncGenerator<Row, void, undefined> {
  try {
    for (;;) {
      const {done, value} = await rows.next();
      if (done) return resolve(value);
      yield value;
      signal?.throwIfAborted();
    }
  } catch (error) {
    reject(error);
    throw error;
  } finally {
    // Of no effect where the last row was reached.
    await rows.return(undefined as never);
  }
}

interface Resolvers<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(reason: unknown): void;
}

function withResolvers<Value>(): Resolvers<Value> {
  let resolve: (value: Value) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return {promise, resolve, reject};
}
