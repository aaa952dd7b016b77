import {z} from 'zod';
import {UsageError} from '../errors.js';
import {oneLine} from './problem.js';

const bound = z.number();
const atLeastOne = 'expected min, max or both';

const bounds = z
  .strictObject({min: bound.optional(), max: bound.optional()})
  .refine(({min, max}) => min !== undefined || max !== undefined, atLeastOne);

const share = z
  .strictObject({
    min: bound.optional(),
    max: bound.optional(),
    at_least: z
      .number()
      .min(0)
      .max(1)
      .describe('the share of rows that must lie within, undefined and failed ones not'),
  })
  .refine(({min, max}) => min !== undefined || max !== undefined, atLeastOne);

const level = z.enum(['error', 'warn', 'off']);

const rules = z.object({level: level.optional(), share: share.optional()}).catchall(bounds);

/** `gates` of a config: by column, bounds for aggregates by their name in report.json. */
export const gatesSchema = z.record(
  z.string(),
  z
    .object({
      level: level.default('error').describe('error: exit 1; warn: only reported; off: not checked'),
      share: share.optional().describe('at least this share of the rows within bounds: {max: 0.05, at_least: 0.95}'),
      groups: z
        .record(z.string(), rules)
        .optional()
        .describe("rules for a group of group_by, by its name; '*' is every group"),
    })
    .catchall(bounds)
    .describe('bounds by aggregate: {mean: {max: 0.01}, p95: {max: 0.05}, undefined: {max: 0}, infinite: {max: 2}}'),
);

/** `gates` after validation. */
export type GatesConfig = z.output<typeof gatesSchema>;

/** One rule, as the gate room takes it. */
export interface ConfiguredRule {
  readonly column: string;
  readonly group: string | null;
  readonly measure: {readonly statistic: string} | {readonly share: RuleBounds};
  readonly bounds: RuleBounds;
  readonly level: 'error' | 'warn';
}

interface RuleBounds {
  readonly min: number | null;
  readonly max: number | null;
}

/** The rules of a config, in the order written; those that are off are left out. */
export function gateRules(gates: GatesConfig): ConfiguredRule[] {
  return Object.entries(gates).flatMap(([column, {groups = {}, level: own, ...whole}]) => [
    ...rulesOf(column, null, own, whole),
    ...Object.entries(groups).flatMap(([group, {level: ofGroup = own, ...more}]) =>
      rulesOf(column, group, ofGroup, more),
    ),
  ]);
}

type Bounds = z.output<typeof bounds>;
type Share = z.output<typeof share>;

function rulesOf(
  column: string,
  group: string | null,
  level: 'error' | 'warn' | 'off',
  written: Readonly<Record<string, Bounds | Share | undefined>>,
): ConfiguredRule[] {
  if (level === 'off') return [];
  return Object.entries(written).flatMap(([name, given]): ConfiguredRule[] => {
    if (given === undefined) return [];
    const {min = null, max = null} = given;
    if (name !== 'share') return [{column, group, level, measure: {statistic: name}, bounds: {min, max}}];
    const {at_least} = given as Share;
    return [{column, group, level, measure: {share: {min, max}}, bounds: {min: at_least, max: null}}];
  });
}

const FLAG = /^\s*(?<name>[^<>=\s]+)\s*(?<sign><=|>=)\s*(?<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*$/i;

/** Aggregates that `--gate` knows by name; anything else after the last dot belongs to the column. */
const STATISTICS = new Set('value mean std min p05 p25 median p75 p95 max count undefined infinite dataset'.split(' '));

/**
 * `--gate` flags such as `mse.mean<=0.01` or `ssim>=0.95` (`ssim.value`) as a config writes them.
 * @throws UsageError for anything else, and for an aggregate bounded twice on the same side
 */
export function gateFlags(flags: readonly string[]): Record<string, Record<string, {min?: number; max?: number}>> {
  const gates: Record<string, Record<string, {min?: number; max?: number}>> = Object.create(null);
  for (const flag of flags) {
    const {name = '', sign, number} = FLAG.exec(flag)?.groups ?? {};
    if (number === undefined) {
      throw new UsageError(
        `--gate ${oneLine(flag, 200)}: expected column.aggregate<=number or >=, such as 'mse.mean<=0.01' (in quotes)`,
      );
    }
    const dot = name.lastIndexOf('.');
    const named = dot > 0 && STATISTICS.has(name.slice(dot + 1));
    const [column, statistic] = named ? [name.slice(0, dot), name.slice(dot + 1)] : [name, 'value'];
    const side = sign === '<=' ? 'max' : 'min';
    gates[column] ??= Object.create(null) as Record<string, {min?: number; max?: number}>;
    const ofColumn = gates[column];
    if (ofColumn[statistic]?.[side] !== undefined) {
      throw new UsageError(`--gate ${oneLine(flag, 200)}: ${column}.${statistic} has that bound already`);
    }
    ofColumn[statistic] = {...ofColumn[statistic], [side]: Number(number)};
  }
  return gates;
}
