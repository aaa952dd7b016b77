import * as z from 'zod';
import type {LossDescriptor} from '../losses/contract.js';
import type {AnyLossDescriptor, DatasetLossDescriptor} from '../losses/dataset-contract.js';
import type {Reading} from '../losses/sample-contract.js';
import {didYouMean, expectation} from './issues.js';
import {optionMistakes} from './plugin-options.js';
import {oneLine, showChoices, showPath, showValue} from './problem.js';
import {lossId} from './schema.js';

const line = z.string().regex(/^\P{Cc}*[^\s\p{Cc}]\P{Cc}*$/u, 'expected one line of text');
const callable = z.custom((value) => typeof value === 'function', 'expected a function');
const readings = ['pixels', 'labels', 'scores', 'instances', 'weights', 'mask'] as const satisfies readonly Reading[];
const reading = z.enum(readings);

function choice<const Choices extends readonly [string, ...string[]]>(choices: Choices) {
  return z.union([z.enum(choices), callable], {
    error: `expected ${showChoices([...choices, 'a function of the options'])}`,
  });
}

/** Roles by name. The run itself reads `weight` and `ignore`, so these have one reading. */
const roles = z
  .record(
    z
      .string()
      .regex(/^(?!key$|constructor$)[a-z][a-z0-9_]*$/, 'expected a role of a-z, 0-9 and _ that begins with a letter'),
    reading,
  )
  .superRefine(({weight = 'weights', ignore = 'labels'}, {addIssue}) => {
    const issue = {code: 'custom', continue: true} as const;
    if (weight !== 'weights') addIssue({...issue, path: ['weight'], message: 'expected weights', input: weight});
    if (ignore !== 'labels') addIssue({...issue, path: ['ignore'], message: 'expected labels', input: ignore});
  });

const shape = {
  id: lossId,
  family: line,
  better: choice(['lower', 'higher', 'none']),
  summary: line,
  formula: line,
  range: line.optional(),
  unit: line.optional(),
  use: line.optional(),
  reference: line,
  undefinedWhen: line,
  inputs: roles.refine((map) => Object.keys(map).length > 0, 'expected at least one role, such as {pred: pixels}'),
  optionalInputs: roles.optional(),
  // See optionMistakes.
  options: z.unknown().optional(),
  objective: choice(['itself', 'one-minus', 'none']),
  create: callable,
  aggregate: callable.optional(),
};

const {inputs, optionalInputs, objective, aggregate, ...facts} = shape;

/** What a loss of whole sets says. */
const setShape = {...facts, scope: z.literal('dataset'), task: z.enum(['embedding', 'adversarial'])};

const descriptorSchema = z.strictObject(shape);
const setDescriptorSchema = z.strictObject(setShape);

/** Losses that are what they should be, and what is wrong with others: the field, what was expected and what came. */
export interface CheckedLosses {
  readonly descriptors: readonly AnyLossDescriptor[];
  readonly mistakes: readonly string[];
}

/** Checks that a value is what `defineLoss` or, with a `scope`, `defineDatasetLoss` takes, `options` of any copy of zod 4. */
export function checkDescriptor(value: unknown): CheckedLosses {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {descriptors: [], mistakes: [`expected what defineLoss gives, got ${showValue(value)}`]};
  }
  const isOfSets = 'scope' in value;
  const {error, data} = (isOfSets ? setDescriptorSchema : descriptorSchema).safeParse(value, {error: expectation});
  const known = Object.keys(isOfSets ? setShape : shape);
  const mistakes = error?.issues.flatMap((issue) => toMistakes(issue, value, known)) ?? [];
  mistakes.push(...optionMistakes('options' in value ? value.options : undefined));
  if (!data || mistakes.length > 0) return {descriptors: [], mistakes};
  if (isOfSets) {
    const given = value as DatasetLossDescriptor;
    return {descriptors: [{...given, create: given.create.bind(given)}], mistakes: []};
  }
  const given = value as LossDescriptor;
  const descriptor: LossDescriptor = {
    ...(data as unknown as LossDescriptor),
    // Called as methods, in case it is the instance of a class.
    create: given.create.bind(given),
    ...(given.aggregate && {aggregate: given.aggregate.bind(given)}),
  };
  return {descriptors: [descriptor], mistakes: []};
}

function toMistakes(issue: z.core.$ZodIssue, value: object, known: readonly string[]): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `unknown field ${showValue(key)}, expected ${showChoices(known)}${didYouMean(key, known)}`,
    );
  }
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const field = showPath(path);
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const got = issue.code === 'invalid_key' ? path.at(-1) : valueAt(value, path);
  if (path.length === 1 && got === undefined) return [`missing '${field}', ${message}`];
  return [`${field}: ${oneLine(message, 300)}, got ${showValue(got)}`];
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Readonly<Record<string, unknown>> | undefined)?.[step], value);
}
