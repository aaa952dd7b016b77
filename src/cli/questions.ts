import {createInterface, type Interface} from 'node:readline/promises';
import {UsageError} from '../errors.js';
import {EXIT} from './exit.js';
import {Interrupted} from './signals.js';

/** Whether there is somebody to ask: standard input and standard error are a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/**
 * Asks a question on standard error; an empty answer is `suggestion`. Throws Interrupted on Ctrl-C, UsageError when
 * the input ends.
 */
export async function ask(question: string, suggestion = ''): Promise<string> {
  const lines = createInterface({input: process.stdin, output: process.stderr});
  try {
    const offered = suggestion === '' ? '' : ` [${suggestion}]`;
    const answer = await Promise.race([lines.question(`${question}${offered}: `), ending(lines)]);
    return answer.trim() || suggestion;
  } finally {
    lines.close();
  }
}

/** Asks for a yes; anything else is a no. */
export async function confirm(question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(`${question} (y/N)`));
}

/** Rejects when no answer will come: readline itself would leave the question open for ever. */
function ending(lines: Interface): Promise<never> {
  return new Promise((_, reject) => {
    lines.once('SIGINT', () => reject(new Interrupted(EXIT.interrupted)));
    lines.once('close', () => reject(new UsageError('the input ended before the question was answered')));
  });
}
