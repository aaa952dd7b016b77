import {EXIT} from './exit.js';

/**
 * A signal that SIGINT or SIGTERM aborts, with the exit code that goes with it as the reason. The first one lets
 * the batch under way end; a second one stops the process at once.
 */
export function interruption(): {signal: AbortSignal; release(): void} {
  const controller = new AbortController();
  const handlers = {SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated} as const;
  const listeners = Object.entries(handlers).map(([name, code]) => {
    const listener = () => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(new Interrupted(code));
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return {
    signal: controller.signal,
    release: () => {
      for (const off of listeners) off();
    },
  };
}

/** The run was stopped by a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly exitCode: number) {
    super('interrupted');
  }
}
