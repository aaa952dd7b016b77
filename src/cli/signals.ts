import {EXIT, exitWith} from './exit.js';
import {log} from './streams.js';

/** What a command says when it is interrupted. */
export interface InterruptionLines {
  /** At its end. */
  readonly interrupted?: string;
  /** At once, where it goes on for a while. */
  readonly finishing?: string;
}

/**
 * A signal that SIGINT or SIGTERM aborts, with `Interrupted` as the reason. Once `begin` was called the first one
 * lets the batch under way end, so that the report is tidied up, and a second one stops the process at once; before
 * that (a slow folder, a config to come from standard input) there is nothing to tidy up, and the first one does.
 */
export function interruption(lines: InterruptionLines = {}): {
  signal: AbortSignal;
  begin(): void;
  release(): void;
} {
  const {interrupted, finishing} = lines;
  const controller = new AbortController();
  let begun = false;
  const handlers = {SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated} as const;
  const listeners = Object.entries(handlers).map(([name, code]) => {
    const listener = () => {
      if (controller.signal.aborted) process.exit(code);
      const reason = new Interrupted(code, interrupted);
      if (begun) {
        controller.abort(reason);
        if (finishing !== undefined) log(`cv-loss: ${finishing}`);
        return;
      }
      log(`cv-loss: ${reason.message}`);
      process.exit(code);
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return {
    signal: controller.signal,
    begin: () => {
      begun = true;
    },
    release: () => {
      for (const off of listeners) off();
    },
  };
}

/** The run was stopped by a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(
    readonly exitCode: number,
    message = 'interrupted; nothing was written',
  ) {
    super(message);
  }
}

/** Says how a command that was interrupted, or went wrong, ends, and sets the exit code. */
export function endWith(error: unknown): void {
  if (error instanceof Interrupted) {
    log(`cv-loss: ${error.message}`);
    process.exitCode = error.exitCode;
  } else exitWith(error);
}
