import type {JobsOptions} from 'bullmq';
import * as z from 'zod';

/** The name of the queue; with BullMQ's own prefix its keys in Redis begin `bull:cv-loss:`. */
export const QUEUE_NAME = 'cv-loss';

/** What a job says of itself that this version understands. */
const JOB_SCHEMA = 'cv-loss-job/1';

const job = z.object({
  job: z.literal(JOB_SCHEMA),
  version: z.string(),
  run: z.string().regex(/^[0-9a-f]{16}$/),
  index: z.int().min(1),
  count: z.int().min(1),
  samples: z.int().min(0),
  folder: z.string().min(1).describe("the run's folder as the coordinator names it, absolute"),
  unreadable: z
    .object({
      since: z.number().describe('milliseconds since 1970'),
      workers: z.array(z.string()),
      attempt: z
        .string()
        .regex(/^\d+-[0-9a-f]{8}$/)
        .describe('the attempt whose other rows are good'),
      first: z.string(),
    })
    .optional()
    .describe('who could not read files of the shard'),
  left: z
    .string()
    .regex(/^\d+-[0-9a-f]{8}$/)
    .optional()
    .describe('the attempt of a worker that gave the shard back, with its rows so far'),
  over: z.boolean().optional().describe('whether the run is over, so that nothing is to be done'),
});

/** A shard of a run as the queue holds it. Nothing in it is secret. */
export type ShardJob = Omit<z.output<typeof job>, 'job'>;

/** What a job returns: what became of the shard's rows. */
export interface ShardResult {
  readonly ok: number;
  readonly undefined: number;
  readonly failed: number;
  readonly seconds: number;
  readonly worker: string;
}

/** The job as it is stored. */
export function storedJob(content: ShardJob): object {
  return {job: JOB_SCHEMA, ...content};
}

/** The version that put a job there, whatever else it holds; null where it says none. */
export function versionOf(data: unknown): string | null {
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : null;
  return typeof version === 'string' ? version : null;
}

/** The job that was stored; null for what is none. */
export function readJob(data: unknown): ShardJob | null {
  const parsed = job.safeParse(data);
  if (!parsed.success) return null;
  const {job: _, ...content} = parsed.data;
  return content;
}

/** The id of a shard's job: the same for the same run, so that adding it again adds nothing. */
export function jobId(run: string, index: number): string {
  return `${run}-${index}`;
}

const DAY_SECONDS = 24 * 3600;

/** A job that fails is tried again after 1, then 2 seconds; finished ones stay for a while for whoever looks at the queue. */
export const JOB_OPTIONS: JobsOptions = {
  attempts: 3,
  backoff: {type: 'exponential', delay: 1000},
  removeOnComplete: {age: DAY_SECONDS, count: 20_000},
  removeOnFail: {age: 7 * DAY_SECONDS},
};
