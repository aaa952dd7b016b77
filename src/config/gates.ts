import * as z from 'zod';

const lower = z.number().optional().describe('at least this');
const upper = z.number().optional().describe('at most this');
const EXAMPLE = 'as in gates: {mse: {mean: {max: 0.01}}}';
const atLeastOne = 'expected min, max or both';

const bounds = z
  .strictObject({min: lower, max: upper}, `expected the bounds of an aggregate, ${EXAMPLE}`)
  .refine(({min, max}) => min !== undefined || max !== undefined, atLeastOne);

const share = z
  .strictObject({
    min: lower,
    max: upper,
    at_least: z
      .number()
      .min(0)
      .max(1)
      .describe('the share of rows that must lie within, undefined and failed ones not'),
  })
  .refine(({min, max}) => min !== undefined || max !== undefined, atLeastOne);

const level = z.enum(['error', 'warn', 'off']);

const rules = z
  .object({
    level: level.optional().describe("the column's level unless said otherwise"),
    share: share.optional().describe('at least this share of the rows within bounds'),
  })
  .catchall(bounds);

/** `gates` of a config: by column, bounds for aggregates by their name in report.json. */
export const gatesSchema = z.record(
  z.string(),
  z
    .object(
      {
        level: level.default('error').describe('error: exit 1; warn: only reported; off: not checked'),
        share: share.optional().describe('at least this share of the rows within bounds: {max: 0.05, at_least: 0.95}'),
        groups: z
          .record(z.string(), rules)
          .optional()
          .describe("rules for a group of group_by, by its name; '*' is every group"),
      },
      `expected aggregates with their bounds, ${EXAMPLE}`,
    )
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
