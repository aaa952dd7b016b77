import {openAtomicFile} from '../storage/atomic-file.js';

/** Text on its way to a file or to standard output. */
export interface TextOutput {
  write(text: string): Promise<void>;
  /** All was written. */
  commit(): Promise<void>;
  /** What was written is of no use: a file is thrown away. */
  abandon(): Promise<void>;
}

/** Standard output takes no more: its reader went away, or an error was told by `watchStreams`. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/**
 * A file that appears whole or not at all; `-` is standard output, whose end throws OutputClosed.
 * Throws RunError where the file cannot be opened.
 */
export async function openTextOutput(path: string): Promise<TextOutput> {
  return path === '-' ? STANDARD_OUTPUT : openAtomicFile(path);
}

const STANDARD_OUTPUT: TextOutput = {
  write(text) {
    return new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (error) reject(new OutputClosed());
        else resolve();
      });
    });
  },
  async commit() {},
  async abandon() {},
};
