import * as z from 'zod';
import {isPlainData} from '../losses/plain-data.js';
import {oneLine, showValue} from './problem.js';
import {entryShape} from './schema.js';

interface ObjectJsonSchema {
  readonly properties?: Readonly<Record<string, {readonly description?: string; readonly default?: unknown}>>;
  readonly additionalProperties?: unknown;
}

const EXPECTED = 'expected z.strictObject({…}) of zod 4';

/**
 * What is wrong with the options of a loss from outside: they must be a strict object of zod 4 (of any copy of it, so
 * nothing is asked by `instanceof`) with a default and a description for each option.
 */
export function optionMistakes(options: unknown): string[] {
  if (options === undefined) return [`missing 'options', ${EXPECTED}`];
  if (!isObjectSchema(options)) return [`options: ${EXPECTED}, got ${schemaName(options)}`];
  for (const option of Object.values(options.shape)) adoptDescriptions(option);
  let schema: ObjectJsonSchema;
  try {
    schema = z.toJSONSchema(options, {target: 'draft-7', io: 'input'}) as ObjectJsonSchema;
  } catch (error) {
    return [`options: expected types that JSON has, got: ${failure(error)}`];
  }
  if (schema.additionalProperties !== false) return [`options: ${EXPECTED}, got one that lets unknown keys through`];
  const mistakes = Object.entries(schema.properties ?? {}).flatMap(([name, option]) => {
    const path = `options.${oneLine(name, 60)}`;
    if (name === 'type' || Object.hasOwn(entryShape, name))
      return [`${path}: every loss has this key, expected another name`];
    if (!/^(?!constructor$)[a-z][a-z0-9_]*$/.test(name))
      return [`${path}: expected a name of a-z, 0-9 and _ that begins with a letter`];
    return [
      ...('default' in option ? [] : [`${path}: expected a default, got none`]),
      ...(option.description ? [] : [`${path}: expected a description (.describe('…')), got none`]),
    ];
  });
  return mistakes.length > 0 ? mistakes : defaultMistakes(options);
}

interface OtherSchema {
  readonly description?: unknown;
  readonly _zod?: {readonly def?: {readonly innerType?: unknown}};
}

/** Early copies of zod 4 keep descriptions to themselves; JSON Schemas are made from those of this copy. */
function adoptDescriptions(option: unknown): void {
  for (let at = option as OtherSchema | undefined; at?._zod; at = at._zod.def?.innerType as OtherSchema | undefined) {
    const schema = at as z.ZodType;
    if (typeof at.description !== 'string' || z.globalRegistry.has(schema)) continue;
    z.globalRegistry.add(schema, {description: at.description});
  }
}

/** The defaults together must be options. */
function defaultMistakes(options: z.ZodObject): string[] {
  try {
    const {data, error} = options.safeParse({});
    if (error) return [`options: expected defaults that it takes itself, got ${failure(error.issues[0])}`];
    return isPlainData(data) ? [] : ['options: expected values of plain JSON, got others'];
  } catch (error) {
    return [`options: expected a schema that can be applied, got ${failure(error)}`];
  }
}

function isObjectSchema(value: unknown): value is z.ZodObject {
  const {_zod, shape, safeParse} = (value ?? {}) as {
    _zod?: {def?: {type?: unknown}};
    shape?: unknown;
    safeParse?: unknown;
  };
  return _zod?.def?.type === 'object' && typeof shape === 'object' && typeof safeParse === 'function';
}

/** What was given in place of an object schema, as far as it can be told. */
function schemaName(value: unknown): string {
  const {_zod, _def} = (value ?? {}) as {_zod?: {def?: {type?: unknown}}; _def?: {typeName?: unknown}};
  if (_zod) return `a schema of ${String(_zod.def?.type)}`;
  return _def?.typeName === undefined ? showValue(value) : 'a schema of zod 3';
}

function failure(error: unknown): string {
  const {message = String(error), path = []} = (error ?? {}) as {message?: string; path?: readonly PropertyKey[]};
  return oneLine([...path.map(String), message].join(': '), 300);
}
