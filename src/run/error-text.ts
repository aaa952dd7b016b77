import {SampleError} from '../errors.js';

/** What was thrown, as one line: TensorFlow spreads its reasons over several. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().replace(/\s*\n\s*/g, ' ');
}

/** The same error, its message begun with the role that it concerns. */
export function withRole(role: string, {code, message, cause}: SampleError): SampleError {
  return new SampleError(code, `${role}: ${message}`, {cause});
}
