import * as z from 'zod';
import {nestsDeeper} from '../foreign-json.js';

/** The file of a shard in its run directory. */
export const SHARD_FILE = 'shard.jsonl';

/** What `shard` says in the first line of a file that this version writes and reads. */
const SHARD_SCHEMA = 'cv-loss-shard/1';

const better = z.enum(['lower', 'higher', 'none']);
const record = z.record(z.string(), z.unknown());
const texts = z.record(z.string(), z.string());

const shape = z.strictObject({
  shard: z.literal(SHARD_SCHEMA),
  index: z.int().min(1),
  count: z.int().min(1),
  samples: z.int().min(0).describe('of the whole dataset'),
  dataset: z.string().describe('SHA-256 over the keys of the whole dataset'),
  missing: z.int().min(0),
  task: z.string(),
  identity: record.describe('what decides a row beside the bytes of its files'),
  config: record.describe('as report.json records it'),
  formats: z.array(z.string()).describe('in which the config wants its report'),
  device: z.strictObject({name: z.string(), gpu: z.boolean(), versions: texts}),
  networks: z.array(z.unknown()),
  sources: texts,
  prepared: record,
  roots: texts,
  columns: z.array(z.strictObject({name: z.string(), better})),
  losses: z.array(
    z.strictObject({
      id: z.string(),
      type: z.string(),
      better,
      weight: z.number().optional(),
      options: record,
      columns: z.array(z.strictObject({part: z.string(), better})),
    }),
  ),
});

/** What a shard says of its run, so that rows can be merged without it. Plain JSON. */
export type ShardHeader = Omit<z.output<typeof shape>, 'shard'>;

/** The header as its line has it. */
export function storedShardHeader(header: ShardHeader): object {
  return {shard: SHARD_SCHEMA, ...header};
}

/** The header that a line holds; null where it is none of this version. */
export function readShardHeader(value: unknown): ShardHeader | null {
  const parsed = shape.safeParse(value);
  if (!parsed.success || nestsDeeper(value)) return null;
  const {shard: _, ...header} = parsed.data;
  return header;
}
