import type {RunReason, UsageCode} from './messages/catalogue.js';

/** A mistake and its code, one line of a UsageError. */
export interface Mistake {
  /** Null for a line that only says how many more there are. */
  readonly code: UsageCode | null;
  readonly text: string;
}

/**
 * A mistake in the command, the config or the environment. Nothing was computed; the CLI prints the
 * message as one line, or as a line for each mistake, and exits with 2.
 */
export class UsageError extends Error {
  /** What tells it from other errors. */
  override readonly name = 'UsageError';

  constructor(
    /** That of the first mistake; `cv-loss explain` says more about it. */
    readonly code: UsageCode,
    message: string,
    options?: ErrorOptions,
    /** The mistakes, where the message has several lines. */
    readonly mistakes: readonly Mistake[] = message.split('\n').map((text) => ({code, text})),
  ) {
    super(message, options);
  }
}

/** One error for several mistakes, a line each. There must be one or more, the first with a code. */
export function usageErrorOf(mistakes: readonly Mistake[]): UsageError {
  const message = mistakes.map(({text}) => text).join('\n');
  return new UsageError(mistakes[0]?.code as UsageCode, message, undefined, mistakes);
}

/**
 * One sample cannot be scored. Its row becomes `failed` with the reason `code: message`; the run goes on.
 * Codes are kebab-case and stable, since scripts match on them; `src/messages/row-reasons.ts` explains each.
 */
export class SampleError extends Error {
  /** What tells it from other errors. */
  override readonly name = 'SampleError';

  constructor(
    /** The first word of the row's reason. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether an error is a SampleError, that of another copy of this package (which a plugin may bring) included. */
export function isSampleError(error: unknown): error is SampleError {
  if (error instanceof SampleError) return true;
  return error instanceof Error && error.name === 'SampleError' && 'code' in error && typeof error.code === 'string';
}

/**
 * The run could not finish: disk full, output lost, out of memory. The CLI prints `code: message` as one
 * line and exits with 4; an earlier report is untouched.
 */
export class RunError extends Error {
  /** What tells it from other errors. */
  override readonly name = 'RunError';

  constructor(
    /** What went wrong, for programs. */
    readonly code: RunReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
