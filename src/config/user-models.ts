import * as z from 'zod';
import {modelFile, modelInputOptions, valueRange} from '../losses/model-options.js';
import type {ConfigPath} from './node.js';

/** What a config says of a model of the user's own. */
export const modelShape = {
  model: modelFile.optional(),
  output: z
    .string()
    .min(1)
    .optional()
    .describe(
      'the output that is read, or a value or node inside of the model; needed where the model has several outputs',
    ),
  ...modelInputOptions,
};

const generator = z.strictObject({
  ...modelShape,
  model: modelFile,
  output_range: valueRange
    .optional()
    .describe(
      'what 0 and the largest value of a pixel are in its output, without mean and std; by default the output is read back as the input is written',
    ),
});

/** `generators`: the two models of task cycle. */
export const generatorsSchema = z.strictObject({
  a_to_b: generator.describe('makes images of B of those of A, in the layout and the order of channels of its input'),
  b_to_a: generator.describe('the way back'),
  save: z
    .string()
    .min(1)
    .optional()
    .describe('folder where the images that they make are kept, as PNG: fake_b, rec_a, fake_a, rec_b, same_a, same_b'),
});

/** One of them. */
interface GeneratorConfig extends ModelConfig {
  readonly output_range: readonly [number, number] | null;
}

/** Two generators; every path is absolute. */
export interface GeneratorsConfig {
  readonly a_to_b: GeneratorConfig;
  readonly b_to_a: GeneratorConfig;
  readonly save: string | null;
}

/** The roles that generators make. */
export const GENERATED_ROLES: readonly string[] = ['rec_a', 'rec_b', 'same_a', 'same_b'];

/** What a config says of generators, resolved. */
export function generatorsConfig(
  parsed: z.output<typeof generatorsSchema> | null,
  absolute: (path: ConfigPath, value: string) => string,
): GeneratorsConfig | null {
  if (parsed === null) return null;
  const {save} = parsed;
  const of = (way: 'a_to_b' | 'b_to_a'): GeneratorConfig => {
    const model = modelConfig(parsed[way], (key, value) => absolute(['generators', way, key], value)) as ModelConfig;
    return {...model, output_range: parsed[way].output_range ?? null};
  };
  return {
    a_to_b: of('a_to_b'),
    b_to_a: of('b_to_a'),
    save: save === undefined ? null : absolute(['generators', 'save'], save),
  };
}

/** The keys that go with `model`. */
export const MODEL_KEYS = Object.keys(modelShape).filter((key) => key !== 'model');

/** A model of the user's own: null where the config says nothing. */
export interface ModelConfig {
  /** Absolute. */
  readonly model: string;
  readonly output: string | null;
  readonly size: readonly [number, number] | null;
  readonly color: 'rgb' | 'bgr' | 'grey' | null;
  readonly mean: number | readonly number[] | null;
  readonly std: number | readonly number[] | null;
  readonly range: readonly [number, number] | null;
  readonly layout: 'nchw' | 'nhwc' | null;
}

/** What a config says of a model, resolved; null where it names none. */
export function modelConfig(
  parsed: z.output<z.ZodObject<typeof modelShape>>,
  absolute: (key: string, path: string) => string,
): ModelConfig | null {
  const {model, output = null, size = null, color = null, mean = null, std = null} = parsed;
  const {range = null, layout = null} = parsed;
  if (model === undefined) return null;
  return {model: absolute('model', model), output, size, color, mean, std, range, layout};
}
