import * as z from 'zod';

const change = z
  .strictObject({
    absolute: z.number().min(0).optional().describe('in units of the column'),
    relative: z.number().min(0).optional().describe("a share of the baseline's mean"),
  })
  .refine(({absolute, relative}) => absolute !== undefined || relative !== undefined, 'expected absolute or relative');

/** `baseline` of a config: the report that a run is compared with. */
export const baselineSchema = z.strictObject({
  dir: z
    .string('expected the directory of an earlier report')
    .min(1)
    .describe('directory of the report of a run before, relative to this file'),
  limits: z.record(z.string(), change).default({}).describe('by how much the mean of a column may worsen'),
  limit: change.optional().describe('the same for every other column'),
  level: z
    .enum(['error', 'warn'])
    .default('error')
    .describe('error: exit 1 where a loss got worse; warn: only reported'),
  update: z.boolean().default(false).describe('write this report there too, whatever the comparison says'),
});

/** `baseline` after validation. */
export type BaselineConfig = z.output<typeof baselineSchema>;
