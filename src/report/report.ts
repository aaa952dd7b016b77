import * as z from 'zod';

/** What `schema` says in a report.json that this version writes and reads. */
export const REPORT_SCHEMA = 'cv-loss-report/1';

/** Failed samples listed at most; `failure_count` counts them all. */
export const FAILURES_LISTED = 1000;

const count = z.int().min(0);
const number = z.union([z.number(), z.enum(['inf', '-inf'])]).describe('a number; infinite ones as text');
const statistic = number.nullable();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const better = z.enum(['lower', 'higher', 'none']);

const columnSummary = z
  .object({
    value: statistic.describe('the loss over the dataset; null when no row has a number'),
    count: count.describe('rows that have a number, infinite ones included'),
    undefined: count,
    infinite: count,
    mean: statistic.describe('of the finite rows; infinite only when there is no finite row'),
    std: statistic.describe('n - 1'),
    min: statistic,
    p05: statistic,
    p25: statistic,
    median: statistic,
    p75: statistic,
    p95: statistic,
    max: statistic,
    ci95: z.tuple([number, number]).nullable().describe('95 % confidence interval of the mean'),
    ci95_method: z.enum(['bootstrap', 'normal']).nullable(),
  })
  .catchall(z.json())
  .describe(
    "a column's statistics, with the loss's own aggregates beside them; quantile_method: 'histogram' where the values were too many to sort",
  );

const summary = z.record(z.string(), columnSummary);

const loss = z.strictObject({
  type: z.string(),
  better,
  weight: z.number().optional().describe('in the total'),
  prepared: z.json().optional().describe('what the loss found in a first pass over the dataset'),
});

const perChannel = z.union([z.array(z.number()).length(3), z.array(z.number()).length(1)]);

const network = z.strictObject({
  network: z.string().describe('its name; the file of a model of your own'),
  weights: z.string().describe('bundled, hashed (numbers for tests only), or the name of the file'),
  weights_sha256: sha256.describe('of the weights as they were used; of the files of a model of your own'),
  preprocessing: z
    .strictObject({
      order: z.enum(['rgb', 'bgr', 'grey']),
      scale: z.number(),
      mean: perChannel,
      std: perChannel,
      size: z
        .tuple([z.number(), z.number()])
        .optional()
        .describe('[height, width] that images are resampled to, where a model of your own has one'),
    })
    .describe('(value in 0..1, channels in order, times scale, minus mean) divided by std'),
  pooling: z.enum(['max', 'average', 'l2']).optional().describe('absent for a model of your own'),
  executor: z.string().describe('what computed the features'),
  provider: z.string().optional().describe("of ONNX Runtime, where it is a GPU's: webgpu or cuda"),
  threads: z.int().min(1).nullable().describe('of the executor; null where it chooses'),
});

const gate = z.strictObject({
  name: z.string().describe('the rule: column.aggregate, with its group'),
  level: z.enum(['error', 'warn']).describe('error: a failure ends with exit code 1'),
  expected: z.string(),
  actual: statistic.describe('the number it was held against; null where there is none'),
  verdict: z.enum(['pass', 'fail']),
  reason: z.string().describe('why it failed, where the number alone does not say'),
});

/** report.json. Unknown keys are refused, apart from a loss's own aggregates. */
export const reportSchema = z.strictObject({
  schema: z.literal(REPORT_SCHEMA).describe('the form of this file'),
  version: z.string().describe('of cv-loss'),
  config: z.record(z.string(), z.json()).describe('as resolved: every default filled in'),
  device: z.strictObject({
    name: z.string(),
    gpu: z.boolean(),
    versions: z.record(z.string(), z.string()).describe('packages that computed the numbers'),
  }),
  networks: z.array(network).min(1).optional().describe('whose features losses compared; absent when none did'),
  inputs: z.strictObject({
    roots: z.record(z.string(), z.string()).describe('by role, as given'),
    count: count.describe('samples'),
    missing: count.describe('keys left out under allow_missing, because a role has no file for them'),
    hash: sha256.describe('SHA-256 over the keys and the SHA-256 of every file'),
  }),
  counts: z.strictObject({samples: count, ok: count, undefined: count, failed: count}),
  losses: z.record(z.string(), loss).describe('by id, in the order of the config'),
  columns: z.array(z.strictObject({name: z.string(), better})).describe('of rows.csv, in order'),
  summary: summary.describe('by column'),
  groups: z.record(z.string(), summary).describe('by group; empty without group_by'),
  failure_count: count,
  failures: z
    .array(z.strictObject({key: z.string(), code: z.string(), message: z.string()}))
    .max(FAILURES_LISTED)
    .describe(`the first ${FAILURES_LISTED} failed samples`),
  gates: z.array(gate).describe('verdicts of the rules of the config and of a comparison with a baseline'),
});

/** What report.json holds: plain JSON, with infinite numbers as `'inf'` and `'-inf'`. */
export type Report = z.output<typeof reportSchema>;

/** The JSON Schema (draft-07) of report.json. */
export function reportJsonSchema(): Record<string, unknown> {
  return {title: 'cv-loss report', ...z.toJSONSchema(reportSchema, {target: 'draft-7', io: 'output'})};
}
