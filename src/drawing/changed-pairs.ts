import type {Direction, Row} from '../rows/row.js';
import {WorstSamples} from '../run/worst.js';

/** A sample in two runs. */
export interface ChangedPair {
  readonly key: string;
  /** What it was, and what it is. */
  readonly values: readonly [number, number];
  readonly sha256: readonly [Row['sha256'], Row['sha256']];
}

/** The pairs of a column that changed most, those that changed most first. */
interface ChangedColumn {
  readonly name: string;
  readonly worsened: readonly ChangedPair[];
  readonly improved: readonly ChangedPair[];
}

interface Ranking {
  readonly name: string;
  readonly better: Direction;
  readonly worsened: WorstSamples;
  readonly improved: WorstSamples;
}

/** Of each column, the pairs that worsened and that improved most from one run to another, chosen while rows pass by. */
export class ChangedPairs {
  private readonly rankings: readonly Ranking[];
  private readonly kept = new Map<string, readonly [Row, Row]>();

  /** `count`: pairs of each list. */
  constructor(
    columns: readonly {readonly name: string; readonly better: Direction}[],
    private readonly count: number,
  ) {
    const ranked = () => new WorstSamples('lower', count);
    this.rankings = columns
      .filter(({better}) => better !== 'none')
      .map(({name, better}) => ({name, better, worsened: ranked(), improved: ranked()}));
  }

  /** Takes a sample's rows, in key order. */
  add(before: Row, after: Row): void {
    if (this.count === 0) return;
    for (const {name, better, worsened, improved} of this.rankings) {
      const [old, now] = [before.cells[name], after.cells[name]];
      if (typeof old !== 'number' || typeof now !== 'number' || old === now) continue;
      const worsening = better === 'lower' ? now - old : old - now;
      if (worsening > 0) worsened.add(after.key, worsening);
      if (worsening < 0) improved.add(after.key, -worsening);
    }
    this.kept.set(after.key, [before, after]);
    // Now and then, so that memory stays within a few times what is shown.
    if (this.kept.size > 8 * this.count * this.rankings.length + 64) this.forget();
  }

  byColumn(): readonly ChangedColumn[] {
    return this.rankings.map(({name, worsened, improved}) => {
      const pairs = (of: WorstSamples) => of.first(this.count).map(({key}) => this.pair(key, name));
      return {name, worsened: pairs(worsened), improved: pairs(improved)};
    });
  }

  private pair(key: string, column: string): ChangedPair {
    const [before, after] = this.kept.get(key) as readonly [Row, Row];
    const values = [before.cells[column] as number, after.cells[column] as number] as const;
    return {key, values, sha256: [before.sha256, after.sha256]};
  }

  private forget(): void {
    const lists = this.byColumn().flatMap(({worsened, improved}) => [...worsened, ...improved]);
    const shown = new Set(lists.map(({key}) => key));
    for (const key of this.kept.keys()) if (!shown.has(key)) this.kept.delete(key);
  }
}
