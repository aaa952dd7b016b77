import {guarded} from './guarded-cell.js';

/** The negatives of an anchor and a positive, as places in the set, with the distances. */
interface TripletsOfPair {
  readonly anchor: number;
  readonly positive: number;
  readonly distance: number;
  readonly negatives: readonly number[];
  readonly distances: readonly number[];
}

/** A manifest of triplets, as `readTuples` reads it. */
export interface TripletTable {
  readonly header: string;
  /** A line for each triplet, with its end. */
  rows(pair: TripletsOfPair): Generator<string>;
}

/** Joins the keys of a triplet that has no name of its own. */
const JOINT = '|';

/**
 * Triplets as CSV: the items' keys and the two distances, `anchor,positive,negative,d_ap,d_an`. A key that a
 * spreadsheet would run as a formula has a `'` in front, which the reader takes off. Where a key has a `|`, by which the
 * reader joins keys to a row's name, rows are named by their number, in a column `key`.
 */
export function tripletTable(keys: readonly string[]): TripletTable {
  const cells = keys.map((key) => cell(guarded(key)));
  const numbered = keys.some((key) => key.includes(JOINT));
  let row = 0;
  return {
    header: `${numbered ? 'key,' : ''}anchor,positive,negative,d_ap,d_an\n`,
    *rows({anchor, positive, distance, negatives, distances}) {
      const pair = `${cells[anchor]},${cells[positive]},`;
      for (const [i, negative] of negatives.entries()) {
        yield `${numbered ? `${++row},` : ''}${pair}${cells[negative]},${distance},${distances[i]}\n`;
      }
    },
  };
}

/** RFC 4180. */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
