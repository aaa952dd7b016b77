import * as z from 'zod';
import {type AnyLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import {baselineSchema} from './baseline.js';
import {byteSize} from './byte-size.js';
import {gatesSchema} from './gates.js';
import {pictureShape} from './pictures.js';
import {pluginSchema} from './plugin-list.js';
import {PRESET_NAMES} from './presets.js';
import {generatorsSchema} from './user-models.js';
import {embeddingsSchema, scoresSchema} from './vector-sources.js';

/** What is scored when the config names no losses. Cross-entropy of label maps exists for two classes only. */
export const DEFAULT_LOSSES = {
  photo: ['mse', 'mae', 'psnr', 'ssim'],
  mask: ['dice', 'iou', 'cross-entropy'],
  classes: ['dice', 'iou'],
  embedding: ['triplet', 'contrastive'],
  adversarial: ['gan-non-saturating'],
  cycle: ['cycle-consistency'],
} as const;

/** Columns of rows.csv that no loss may take, and names that objects have of themselves. */
const RESERVED_IDS = ['key', 'status', 'reason', 'width', 'height', 'total', '__proto__', 'constructor'];

/** A name that a loss may have. */
export const lossId = z
  .string()
  .regex(/^[a-z0-9_-]+$/, 'expected an id of a-z, 0-9, _ and -')
  .regex(
    new RegExp(`^(?!(?:${RESERVED_IDS.join('|')})$)`),
    `expected an id other than ${RESERVED_IDS.slice(0, 6).join(', ')}, which name other columns`,
  );

/** The keys that every loss has beside its options. */
export const entryShape = {
  id: lossId.optional().describe('name of the loss in this run and of its column; the type by default'),
  weight: z
    .number()
    .optional()
    .describe('the loss enters the total with this weight (a loss where higher is better as 1 - value)'),
  undefined: z
    .union([z.enum(['skip', 'fail']), z.number()])
    .default('skip')
    .describe(
      'a value that does not exist: skip leaves it out of the aggregates, fail fails the row, a number replaces it',
    ),
};

const path = z.string().min(1);
const className = z.string().min(1);
const classId = z.string().regex(/^\d{1,10}$/, 'expected ids from 0 as keys, with names as values');
const colourName = className.regex(/\D/, 'expected names as keys, ids count from 0 in the order written');
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, "expected a colour such as '#804080' (in quotes)");

/** The whole config. `entry` is the schema of a loss: the JSON Schema spells it out, validation looks at `type` first. */
export function configSchema(descriptors: readonly AnyLossDescriptor[], entry: z.ZodType) {
  const roles = knownRoles(descriptors);
  return z.strictObject({
    version: z.literal(1).optional().describe('version of the config format'),
    task: z
      .enum(['photo', 'mask', 'cycle', 'embedding', 'adversarial'])
      .default('photo')
      .describe(
        'what the data are: chooses the losses where none are named (mask also where classes or palette are set); cycle pairs two sets of images, a and b; embedding where embeddings are given, adversarial where scores are',
      ),
    preset: z
      .enum(PRESET_NAMES)
      .nullable()
      .default(null)
      .describe("a paper's losses, layers and weights; --set losses.ID.KEY=VALUE changes them"),
    classes: z
      .union([z.int().min(2).max(65_536), z.record(classId, className)])
      .nullable()
      .default(null)
      .describe('makes masks multi-class: how many classes (ids from 0), or {id: name}'),
    palette: z
      .union([z.enum(['voc', 'cityscapes']), z.record(colourName, colour)], {
        error: "expected voc, cityscapes, or colours by name such as {road: '#804080'} (in quotes)",
      })
      .nullable()
      .default(null)
      .describe('masks in colours: which colour is which class; ids count from 0 in the order written'),
    inputs: perRole(roles, path).default({}).describe('directory, file or glob of each role; relative to this file'),
    series: z
      .union([path, z.array(path).min(1)], {error: 'expected a directory or glob, or a list of them'})
      .nullable()
      .default(null)
      .describe(
        'several prediction sets for one target, in place of inputs.pred: a glob whose matches are directories ("runs/epoch-*/out"), or a list of globs and directories; relative to this file',
      ),
    match: perRole(roles, z.string().regex(/\{key\}/, 'expected a pattern that contains {key}'))
      .default({})
      .describe(
        'how the file names of a role hold the key, below the root and without extension: "{key}_sr"; of pred also the class, for scores in a file per class: "{key}_{class}"',
      ),
    pairs: path
      .nullable()
      .default(null)
      .describe('manifest (CSV or JSONL) that names the files of each sample; - is standard input'),
    embeddings: embeddingsSchema
      .nullable()
      .default(null)
      .describe('vectors computed before, in place of inputs: one set (file, labels), or two to compare (real, fake)'),
    scores: scoresSchema
      .nullable()
      .default(null)
      .describe("a discriminator's scores of real and of generated images, in place of inputs"),
    generators: generatorsSchema
      .nullable()
      .default(null)
      .describe('two models that make the images of task cycle, in place of rec_a, rec_b, same_a and same_b'),
    image: z.strictObject(imageShape).prefault({}).describe('how files become pixels'),
    plugins: z
      .array(pluginSchema)
      .default([])
      .describe('modules with losses of your own; relative to this file, which must be named with --config'),
    losses: z
      .array(entry)
      .min(1)
      .optional()
      .describe(
        `what to compute; ${DEFAULT_LOSSES.photo.join(', ')} by default, for masks ${DEFAULT_LOSSES.mask.join(', ')}, for embeddings ${DEFAULT_LOSSES.embedding.join(', ')}, for scores ${DEFAULT_LOSSES.adversarial.join(', ')}`,
      ),
    group_by: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('aggregates per group as well: "{dir}" or a column of the manifest'),
    allow_missing: z
      .boolean()
      .default(false)
      .describe('score the keys that every role has, instead of refusing a set with missing or extra keys'),
    gates: gatesSchema.default({}).describe('rules that decide the exit code, by column: {mse: {mean: {max: 0.01}}}'),
    baseline: baselineSchema.nullable().default(null).describe('the report of a run before, to compare with'),
    report: z.strictObject(reportShape).prefault({}).describe('what is written'),
    device: z.enum(['auto', 'cpu', 'tensorflow', 'webgpu']).default('auto').describe('where tensors are computed'),
    require_gpu: z.boolean().default(false).describe('refuse to run where no GPU would be used'),
    batch_size: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe('samples computed at once; chosen from the memory by default'),
    jobs: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe('cores that are used: of threads that score, decoders and networks; all by default, where it pays'),
    max_memory: byteSize
      .nullable()
      .default(null)
      .describe(
        'what images and tensors may take, beside some 200 MB of the program itself: 4GiB; a batch that does not fit is split, an image that does not fit fails its row',
      ),
  });
}

const imageShape = {
  color: z
    .enum(['auto', 'grey', 'rgb'])
    .default('auto')
    .describe('auto: as stored, the smaller of a pair is promoted to the larger; grey, rgb: all are converted'),
  alpha: z
    .union([
      z.enum(['error', 'drop']),
      z
        .string()
        .regex(
          /^blend #[0-9a-fA-F]{6}$/,
          "expected error, drop or 'blend #rrggbb' (in quotes: a bare # begins a comment)",
        ),
    ])
    .default('error')
    .describe('alpha that is not opaque: an error, dropped, or blended onto a colour ("blend #ffffff", in quotes)'),
  size: z
    .union([z.enum(['strict', 'target', 'crop']), z.tuple([z.int().min(1), z.int().min(1)])], {
      error: 'expected strict, target, crop or [height, width]',
    })
    .default('strict')
    .describe('sizes that differ: fail the row, resample the prediction to the target, crop, or resample both'),
  orient: z.boolean().default(true).describe('turn photographs as their EXIF orientation says'),
  icc: z
    .enum(['ignore', 'convert'])
    .default('ignore')
    .describe('embedded colour profiles: ignore takes the stored numbers, convert takes pixels to sRGB'),
  page: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe('page of a TIFF file of several pages, from 0; null refuses such files'),
  max_pixels: z.int().min(1).default(64_000_000).describe('larger images fail, before they are decoded'),
  max_seconds: z.number().positive().default(300).describe('a file that takes longer to read and decode fails'),
};

const reportShape = {
  dir: path
    .nullable()
    .optional()
    .describe(
      'directory of the report, relative to this file; null writes none; cv-loss-report in the working directory by default',
    ),
  formats: z
    .array(z.enum(['csv', 'jsonl', 'parquet', 'json', 'html', 'junit', 'openmetrics', 'markdown', 'metrics']))
    .min(1)
    .default(['csv', 'json'])
    .describe(
      'rows.csv, rows.jsonl, rows.parquet, report.json; to look at: report.html; for CI: junit.xml, metrics.txt (OpenMetrics), summary.md, metrics.json (dvc)',
    ),
  ...pictureShape,
};

/** Every role that some loss reads, `pred` and `target` first. */
function knownRoles(descriptors: readonly AnyLossDescriptor[]): string[] {
  const roles = new Set(['pred', 'target']);
  for (const descriptor of descriptors) {
    if (isDatasetLoss(descriptor)) continue;
    for (const role of Object.keys({...descriptor.inputs, ...descriptor.optionalInputs})) roles.add(role);
  }
  return [...roles];
}

function perRole<Schema extends z.ZodType>(roles: readonly string[], schema: Schema) {
  return z.strictObject(Object.fromEntries(roles.map((role) => [role, schema.optional()])));
}

/** A loss as a config writes it: its id, or a map of `type`, the common keys and the loss's own options. */
export type LossInput =
  | string
  | ({
      type: string;
      id?: string | undefined;
      weight?: number | undefined;
      undefined?: 'skip' | 'fail' | number | undefined;
    } & {[option: string]: unknown});

/** A config as a file, or a program, writes it: everything may be left out. */
export type ConfigInput = Omit<z.input<ReturnType<typeof configSchema>>, 'losses'> & {
  losses?: readonly LossInput[] | undefined;
};

/** The same after validation, losses apart. */
export type ParsedConfig = z.output<ReturnType<typeof configSchema>>;
