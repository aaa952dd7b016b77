import {resolve} from 'node:path';
import {z} from 'zod';
import {type ConfigNode, type ConfigPath, positionOf} from './node.js';

const file = z.string().min(1);

/** `embeddings`: where the vectors of task embedding are. */
export const embeddingsSchema = z.strictObject({
  file: file
    .optional()
    .describe('one set of vectors: NPY or NPZ [items, dimensions], or CSV key,label,v0,v1,…; relative to this file'),
  labels: file
    .optional()
    .describe(
      'whose vector each is: CSV index,label for arrays (index,key,label names the items too), key,label for CSV; or folder, the folder of the key',
    ),
  real: file.optional().describe('two sets to compare, the one: as file'),
  fake: file.optional().describe('two sets to compare, the other: as file'),
});

function scoreFile(role: 'real' | 'fake') {
  return z.string({error: `expected a file of scores (--${role} FILE)`}).min(1);
}

/** `scores`: where the scores of task adversarial are. */
export const scoresSchema = z.strictObject({
  real: scoreFile('real').describe(
    'scores of real images: CSV key,score (several rows or columns of a key are patches), or NPY or NPZ [items] or [items, patches]; relative to this file',
  ),
  fake: scoreFile('fake').describe('scores of generated images: as real'),
  input: z
    .enum(['logits', 'probabilities'])
    .default('logits')
    .describe("what the scores are: a discriminator's raw outputs, or probabilities in 0..1"),
});

/** Where vectors are; every path is absolute. */
export interface EmbeddingsConfig {
  readonly file: string | null;
  /** `folder`: the folder of an item's key. */
  readonly labels: string | null;
  readonly real: string | null;
  readonly fake: string | null;
}

/** Where scores are, and what they are; both paths are absolute. */
export interface ScoresConfig {
  readonly real: string;
  readonly fake: string;
  readonly input: 'logits' | 'probabilities';
}

/** `embeddings` and `scores` with absolute paths, each from where it was written. */
export function vectorSources(
  parsed: {
    readonly embeddings: z.output<typeof embeddingsSchema> | null;
    readonly scores: z.output<typeof scoresSchema> | null;
  },
  root: ConfigNode,
): {readonly embeddings: EmbeddingsConfig | null; readonly scores: ScoresConfig | null} {
  const absolute = (path: ConfigPath, value: string) => resolve(positionOf(root, path).base, value);
  const {embeddings, scores} = parsed;
  const ofEmbeddings = (key: keyof EmbeddingsConfig) => {
    const value = embeddings?.[key];
    if (value === undefined) return null;
    return key === 'labels' && value === 'folder' ? value : absolute(['embeddings', key], value);
  };
  const [vectors, labels, real, fake] = (['file', 'labels', 'real', 'fake'] as const).map(ofEmbeddings);
  return {
    embeddings: embeddings && {file: vectors ?? null, labels: labels ?? null, real: real ?? null, fake: fake ?? null},
    scores: scores && {
      real: absolute(['scores', 'real'], scores.real),
      fake: absolute(['scores', 'fake'], scores.fake),
      input: scores.input,
    },
  };
}
