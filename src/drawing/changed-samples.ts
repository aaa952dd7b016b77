import type {Row} from '../rows/row.js';
import type {ShownSample} from '../run/shown-samples.js';

/** A column of a comparison with a baseline. */
export interface BaselineChange {
  readonly name: string;
  /** The worst first. */
  readonly mostWorsened: readonly {readonly key: string; readonly baseline: number; readonly candidate: number}[];
}

/** A sample that worsened, and its value before. */
export interface ChangedSample extends ShownSample {
  readonly baseline: number;
}

/** The samples of each column that worsened most, `count` at most, the worst first; `rows` are all of the run, in order. */
export function changedSamples(
  rows: readonly Row[],
  changes: readonly BaselineChange[],
  columns: readonly string[],
  count: number,
): Record<string, readonly ChangedSample[]> {
  const places = new Map(rows.map(({key}, at) => [key, at]));
  const ofColumn = ({mostWorsened}: BaselineChange) =>
    mostWorsened.slice(0, count).flatMap(({key, baseline, candidate}): ChangedSample[] => {
      const at = places.get(key);
      return at === undefined ? [] : [{key, at, baseline, value: candidate, sha256: rows[at]?.sha256 ?? {}}];
    });
  const shown = changes.filter(({name}) => columns.includes(name));
  return Object.fromEntries(shown.map((change) => [change.name, ofColumn(change)]));
}
