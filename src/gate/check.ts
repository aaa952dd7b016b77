import type {ColumnSummary, Summary} from '../rows/summary.js';
import {type Bounds, boundsText, type GateLevel, type GateRule, ruleName} from './rule.js';

/** What a rule found. */
export interface GateResult {
  readonly name: string;
  readonly level: GateLevel;
  /** The rule in words. */
  readonly expected: string;
  /** The number it was held against; null where there is none. */
  readonly actual: number | null;
  readonly verdict: 'pass' | 'fail';
  /** Why it failed where the number alone does not say; empty otherwise. */
  readonly reason: string;
}

/** The rows of a column: how many lie within bounds, and how many the column concerns (undefined and failed ones too). */
interface RowCount {
  readonly within: number;
  readonly rows: number;
}

/** What rules are held against. */
export interface GatedRun {
  readonly summary: Summary;
  readonly groups: Readonly<Record<string, Summary>>;
  /** Counts rows of a column, over the dataset or one group. */
  countWithin(column: string, bounds: Bounds, group: string | null): RowCount;
}

/**
 * Holds a run against its rules. What is missing never passes: a column that was not computed, a statistic that does
 * not exist, no row at all. A rule on a column that has infinite rows brings a second one with it, that there be none,
 * unless the rules say how many (`infinite`), since a mean leaves them out.
 */
export function checkGates(rules: readonly GateRule[], run: GatedRun): GateResult[] {
  const all = rules.map((rule) => ofOwnAggregate(rule, run)).flatMap((rule) => forGroups(rule, run));
  return [...all, ...impliedRules(all, run)].map((rule) => checkRule(rule, run));
}

/** Whether the run may end with success: no rule of level `error` failed. */
export function gatesPass(results: readonly Pick<GateResult, 'level' | 'verdict'>[]): boolean {
  return !results.some(({level, verdict}) => level === 'error' && verdict === 'fail');
}

/** `triplet.active_fraction` is an aggregate of `triplet` where no column has that name, and likewise further down. */
function ofOwnAggregate(rule: GateRule, {summary}: GatedRun): GateRule {
  const {column, measure} = rule;
  if (Object.hasOwn(summary, column) || 'share' in measure || measure.statistic !== 'value') return rule;
  const steps = column.split('.');
  for (let length = steps.length - 1; length > 0; length--) {
    const owner = steps.slice(0, length).join('.');
    if (!Object.hasOwn(summary, owner)) continue;
    return {...rule, column: owner, measure: {statistic: steps.slice(length).join('.')}};
  }
  return rule;
}

function forGroups(rule: GateRule, {groups}: GatedRun): GateRule[] {
  if (rule.group !== '*') return [rule];
  const names = Object.keys(groups);
  // Without any group the rule stays as it is, and fails: nothing was there to be held against it.
  return names.length === 0 ? [rule] : names.map((group) => ({...rule, group}));
}

function impliedRules(rules: readonly GateRule[], run: GatedRun): GateRule[] {
  const implied = new Map<string, GateRule>();
  for (const rule of rules) {
    if ('share' in rule.measure) continue;
    const infinite = {...rule, measure: {statistic: 'infinite'}, bounds: {min: null, max: 0}};
    const name = ruleName(infinite);
    const isGiven = rules.some((other) => ruleName(other) === name);
    const found = summaryOf(rule, run)?.infinite ?? 0;
    if (isGiven || found === 0 || COUNTS.has(rule.measure.statistic)) continue;
    // The stricter level of the rules that bring it.
    if (implied.get(name)?.level !== 'error') implied.set(name, infinite);
  }
  return [...implied.values()];
}

/** Aggregates that say nothing of the values' size. */
const COUNTS: ReadonlySet<string> = new Set(['count', 'undefined', 'infinite', 'rows']);

function summaryOf({column, group}: GateRule, {summary, groups}: GatedRun): ColumnSummary | undefined {
  const table = group === null ? summary : groups[group];
  return table && Object.hasOwn(table, column) ? table[column] : undefined;
}

function checkRule(rule: GateRule, run: GatedRun): GateResult {
  const {measure, bounds, level} = rule;
  const found = measured(rule, run);
  const actual = typeof found === 'number' ? found : null;
  const passes = actual !== null && isWithin(actual, bounds);
  const share = 'share' in measure ? `share of rows ${boundsText(measure.share)}: ` : '';
  return {
    name: ruleName(rule),
    level,
    expected: `${share}${boundsText(bounds)}`,
    actual,
    verdict: passes ? 'pass' : 'fail',
    reason: typeof found === 'string' ? found : '',
  };
}

/** The number that a rule looks at, or why there is none. */
function measured(rule: GateRule, run: GatedRun): number | string {
  const {column, group, measure} = rule;
  const summary = summaryOf(rule, run);
  if (!summary) {
    const isGroup = group !== null && !Object.hasOwn(run.groups, group);
    return isGroup ? `there is no group ${group}` : `${column} was not computed`;
  }
  if ('share' in measure) {
    const {within, rows} = run.countWithin(column, measure.share, group);
    return rows === 0 ? `${column} has no row` : within / rows;
  }
  const {statistic} = measure;
  const value = aggregateOf(summary, statistic);
  if (value === undefined) return `${column} has no ${statistic}`;
  if (typeof value !== 'number' || Number.isNaN(value)) return `${column}.${statistic} is not a number: no row has one`;
  return value;
}

/** An aggregate by its name, below which a dot leads into a map: `recall_at_k.1`. */
function aggregateOf(summary: ColumnSummary, path: string): unknown {
  if (Object.hasOwn(summary, path)) return summary[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? (value as Record<string, unknown>)[step]
          : undefined,
      summary,
    );
}

function isWithin(value: number, {min, max}: Bounds): boolean {
  return (min === null || value >= min) && (max === null || value <= max);
}
