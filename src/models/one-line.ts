import {printable} from '../printable.js';

const LONGEST = 300;

/** What a library threw, as one line of bearable length. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = printable(message.trim().replace(/\s+/g, ' '));
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
