/** How a broken rule ends: an error fails the run, a warning is only reported. */
export type GateLevel = 'error' | 'warn';

/** Bounds of a number; what is null does not bind. */
export interface Bounds {
  readonly min: number | null;
  readonly max: number | null;
}

/** What a rule looks at: an aggregate of a column by its name in report.json, or the share of rows within bounds. */
type Measure = {readonly statistic: string} | {readonly share: Bounds};

/** One rule on one column of a run. */
export interface GateRule {
  /** The column in rows.csv, such as `mse` or `iou.road`. */
  readonly column: string;
  /** A group of `group_by`; `*` is every group; null is the whole dataset. */
  readonly group: string | null;
  readonly measure: Measure;
  readonly bounds: Bounds;
  readonly level: GateLevel;
}

/** A rule's name: `mse.mean`, `iou.road.share`, `mse.p95 of group night`. */
export function ruleName({column, group, measure}: Pick<GateRule, 'column' | 'group' | 'measure'>): string {
  const name = `${column}.${'statistic' in measure ? measure.statistic : 'share'}`;
  return group === null ? name : `${name} of group ${group}`;
}

/** Bounds in words: `at most 0.01`, `at least 0.5 and at most 1`. */
export function boundsText({min, max}: Bounds): string {
  const parts = [min === null ? null : `at least ${min}`, max === null ? null : `at most ${max}`];
  return parts.filter((part) => part !== null).join(' and ');
}
