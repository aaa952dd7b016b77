import * as z from 'zod';
import {expectation, toProblems} from './config/issues.js';
import {fromValue} from './config/node.js';
import {problemsError} from './config/problem.js';
import {keysAt} from './config/schema-keys.js';
import {UsageError} from './errors.js';
import {
  KEEPS,
  type Keep,
  type MiningOptions,
  STRATEGIES,
  type Strategy,
  TRIPLET_MEASURES,
  type TripletMeasure,
} from './tuples/mining/strategy.js';

/** Which triplets are mined, of which embeddings; keys as the flags of `cv-loss triplets` name them. */
export interface TripletsInput {
  /** NPY or NPZ `[items, dimensions]`, or CSV `key,label,v0,v1,…`. */
  readonly embeddings: string;
  /** A CSV `index,label` or `key,label`, or `folder` for that of the key; left out where the embeddings have labels. */
  readonly labels?: string | undefined;
  /** Which negatives of an anchor and a positive; `semi-hard` by default. */
  readonly strategy?: Strategy | undefined;
  /** Of semi-hard, d_ap < d_an < d_ap + margin; 0.2 by default. */
  readonly margin?: number | undefined;
  /** Of d_ap and d_an; `squared-l2` by default. */
  readonly distance?: TripletMeasure | undefined;
  /** Whether vectors are divided by their length; true by default. */
  readonly normalize?: boolean | undefined;
  /** At most so many negatives of an anchor and a positive; 1 by default where they are drawn, else all. */
  readonly per_pair?: number | undefined;
  /** At most so many triplets of an anchor. */
  readonly per_anchor?: number | undefined;
  /** At most so many triplets in all. */
  readonly count?: number | undefined;
  /** Which triplets a limit keeps; `random` by default where negatives are drawn, else `hardest`. */
  readonly keep?: Keep | undefined;
  /** Of whatever is drawn; 0 by default. */
  readonly seed?: number | undefined;
}

/** The same with all defaults, and no limit as Infinity. */
export interface TripletSettings extends MiningOptions {
  readonly embeddings: string;
  readonly labels: string | null;
  readonly seed: number;
}

const limit = z.int().min(1).optional();

const schema = z.strictObject({
  embeddings: z.string().min(1),
  labels: z.string().min(1).optional(),
  strategy: z.enum(STRATEGIES).default('semi-hard'),
  margin: z.number().min(0).default(0.2),
  distance: z.enum(TRIPLET_MEASURES).default('squared-l2'),
  normalize: z.boolean().default(true),
  per_pair: limit,
  per_anchor: limit,
  count: limit,
  keep: z.enum(KEEPS).optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0),
});

/** Checks what is asked for, and fills in the defaults. Throws UsageError, a line for each mistake. */
export function tripletSettings(input: TripletsInput): TripletSettings {
  const {data, error} = schema.safeParse(input, {error: expectation});
  if (error) {
    const root = fromValue(input, () => ({label: 'triplets', base: '.'}));
    throw problemsError(toProblems(error.issues, [], root, (path) => keysAt(schema, path)));
  }
  const {embeddings, labels = null, strategy, margin, distance, normalize, seed} = data;
  if (strategy === 'semi-hard' && margin === 0) {
    throw new UsageError(
      'CVL-V014',
      'strategy semi-hard with a margin of 0 has no triplets: d_ap < d_an < d_ap + 0; give a larger one',
    );
  }
  if (strategy === 'distance-weighted' && !normalize) {
    throw new UsageError(
      'CVL-V014',
      'strategy distance-weighted is of normalized vectors; normalize, or take another strategy',
    );
  }
  const isDrawn = strategy === 'random' || strategy === 'distance-weighted';
  const {per_pair: perPair = isDrawn ? 1 : Infinity, per_anchor: perAnchor = Infinity, count = Infinity} = data;
  const keep = data.keep ?? (isDrawn ? 'random' : 'hardest');
  return {
    ...{embeddings, labels, seed},
    ...{strategy, margin, measure: distance, normalize, perPair, perAnchor, count, keep},
  };
}
