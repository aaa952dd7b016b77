import type {Config} from '../../src/config/config.js';
import {type ConfigRequest, resolveConfig} from '../../src/config/resolve.js';
import {UsageError} from '../../src/errors.js';

/** Inputs that satisfy every loss that reads pred and target. */
export const bothInputs = {inputs: {pred: 'out', target: 'truth'}};

/** Resolves a config given as text on standard input. */
export function resolveText(text: string, request: Partial<ConfigRequest> = {}): Promise<Config> {
  return resolveConfig({file: '-', cwd: '/data', flags: bothInputs, stdin: stream(text), ...request});
}

/** The message of the UsageError that a config text must give. */
export function mistakeOf(text: string, request: Partial<ConfigRequest> = {}): Promise<string> {
  return usageMessage(resolveText(text, request));
}

/** The message of the UsageError that a promise must reject with. */
export async function usageMessage(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('expected a UsageError, nothing was thrown');
}

/** Standard input that holds a text. */
export async function* stream(text: string): AsyncIterable<Buffer> {
  yield Buffer.from(text);
}
