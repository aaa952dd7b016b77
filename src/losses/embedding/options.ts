import * as z from 'zod';

/** The options of losses of tuples, as a config writes them. */
export const tuplesOption = {
  tuples: z
    .union([z.literal('all'), z.string().min(1).meta({path: true})])
    .default('all')
    .describe('all that the labels give, or the path of a manifest that lists them'),
};

/** Whether vectors are divided by their length. */
export const normalizeOption = {
  normalize: z.boolean().default(true).describe('divide each embedding by its Euclidean length first'),
};

/** What of the set's retrieval is told beside a loss. */
export const recallOption = {
  recall_at: z
    .array(z.int().min(1))
    .default([1, 2, 4])
    .describe('k of the aggregate recall_at_k, with tuples: all; an empty list leaves it out'),
};

/** What of the set's verification is told beside a loss. */
export const verificationOption = {
  tar_at_far: z
    .array(z.number().gt(0).lt(1))
    .default([0.1, 0.01, 0.001])
    .describe('false accept rates of the aggregate verification; an empty list leaves it out'),
};
