/**
 * A mistake in the command, the config or the environment. Nothing was computed; the CLI prints the
 * message as one line and exits with 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * One sample cannot be scored. Its row becomes `failed` with the reason `code: message`; the run goes on.
 * Codes are kebab-case and stable, since scripts match on them.
 */
export class SampleError extends Error {
  override readonly name = 'SampleError';

  constructor(
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
  override readonly name = 'RunError';

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
