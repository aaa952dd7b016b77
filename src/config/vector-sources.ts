import {resolve} from 'node:path';
import * as z from 'zod';
import {type ConfigNode, type ConfigPath, positionOf} from './node.js';
import {type ModelConfig, modelConfig, modelShape} from './user-models.js';

const file = z.string().min(1);

/** `embeddings`: where the vectors of task embedding are, or what makes them of images. */
export const embeddingsSchema = z.strictObject({
  file: file
    .optional()
    .describe('one set of vectors: NPY or NPZ [items, dimensions], or CSV key,label,v0,v1,…; relative to this file'),
  labels: file
    .optional()
    .describe(
      'whose vector each is: CSV index,label for arrays (index,key,label names the items too), key,label for CSV and images; or folder, the folder of the key',
    ),
  real: file.optional().describe('two sets to compare, the one: as file, with a model as images'),
  fake: file.optional().describe('two sets to compare, the other: as real'),
  images: file
    .optional()
    .describe('images that the model makes vectors of: a directory or a glob; relative to this file'),
  save: file
    .regex(/\.(npy|csv)$/i, 'expected a .npy or .csv file')
    .optional()
    .describe(
      'where the vectors of images are kept, to be read as file: NPY with the labels beside it (NAME.labels.csv), or CSV',
    ),
  ...modelShape,
});

function scoreFile(role: 'real' | 'fake') {
  return z.string({error: `expected a file of scores (--${role} FILE)`}).min(1);
}

/** `scores`: where the scores of task adversarial are. */
export const scoresSchema = z.strictObject({
  real: scoreFile('real').describe(
    'scores of real images: CSV key,score (several rows or columns of a key are patches), or NPY or NPZ [items] or [items, patches]; with a model a directory or a glob of images; relative to this file',
  ),
  fake: scoreFile('fake').describe('scores of generated images: as real'),
  input: z
    .enum(['logits', 'probabilities'])
    .default('logits')
    .describe("what the scores are: a discriminator's raw outputs, or probabilities in 0..1"),
  save: file.optional().describe('folder where the scores of images are kept, to be read again: real.csv and fake.csv'),
  ...modelShape,
});

/** Where vectors are, or what makes them; every path is absolute. */
export interface EmbeddingsConfig {
  readonly file: string | null;
  /** `folder`: the folder of an item's key. */
  readonly labels: string | null;
  readonly real: string | null;
  readonly fake: string | null;
  /** With a model, which also makes `real` and `fake` images. */
  readonly images: string | null;
  readonly save: string | null;
  readonly model: ModelConfig | null;
}

/** Where scores are, or what makes them, and what they are; every path is absolute. */
export interface ScoresConfig {
  /** Files of scores; with a model, images. */
  readonly real: string;
  readonly fake: string;
  readonly input: 'logits' | 'probabilities';
  readonly save: string | null;
  readonly model: ModelConfig | null;
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
  const ofEmbeddings = (key: 'file' | 'labels' | 'real' | 'fake' | 'images' | 'save') => {
    const value = embeddings?.[key];
    if (value === undefined) return null;
    return key === 'labels' && value === 'folder' ? value : absolute(['embeddings', key], value);
  };
  return {
    embeddings: embeddings && {
      file: ofEmbeddings('file'),
      labels: ofEmbeddings('labels'),
      real: ofEmbeddings('real'),
      fake: ofEmbeddings('fake'),
      images: ofEmbeddings('images'),
      save: ofEmbeddings('save'),
      model: modelConfig(embeddings, (key, value) => absolute(['embeddings', key], value)),
    },
    scores: scores && {
      real: absolute(['scores', 'real'], scores.real),
      fake: absolute(['scores', 'fake'], scores.fake),
      input: scores.input,
      save: scores.save === undefined ? null : absolute(['scores', 'save'], scores.save),
      model: modelConfig(scores, (key, value) => absolute(['scores', key], value)),
    },
  };
}
