import {distance} from 'fastest-levenshtein';
import * as z from 'zod';
import {PRESETS} from '../config/presets.js';
import {UsageError} from '../errors.js';
import {type AnyLossDescriptor, type DatasetLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import {plainTable} from './table.js';

/** All losses of a registry, or the named one. Throws UsageError with the nearest names for an unknown id. */
export function namedLosses(
  id: string | undefined,
  losses: readonly AnyLossDescriptor[],
): readonly [AnyLossDescriptor, ...AnyLossDescriptor[]] {
  const chosen = id === undefined ? losses : losses.filter((loss) => loss.id === id);
  const [first, ...rest] = chosen;
  if (first) return [first, ...rest];
  const near = losses.map((loss) => loss.id).filter((name) => distance(name, id ?? '') <= 2);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; cv-loss losses lists them';
  throw new UsageError('CVL-C010', `no loss is named '${id}'${hint}`);
}

/** One line a loss: id, family, direction, summary. */
export function listLosses(chosen: readonly AnyLossDescriptor[]): string {
  const rows = chosen.map((loss) => [loss.id, loss.family, directionText(loss), loss.summary]);
  return plainTable(['loss', 'family', 'better', 'what it is'], rows);
}

/** One line a preset: name, summary. */
export function listPresets(): string {
  const rows = Object.entries(PRESETS).map(([name, {summary}]) => [name, summary]);
  return plainTable(['preset', 'what it is (cv-loss eval --preset NAME)'], rows);
}

/** Everything a loss says of itself. */
export function describeLoss(loss: AnyLossDescriptor): string {
  const facts = [
    `${loss.id}: ${loss.summary}`,
    '',
    `  formula    ${loss.formula}`,
    `  better     ${directionText(loss)}`,
    ...(loss.range === undefined
      ? []
      : [`  values     ${loss.range}${loss.unit === undefined ? '' : `, in ${loss.unit}`}`]),
    ...(isDatasetLoss(loss)
      ? [`  inputs     ${dataText(loss)}`]
      : [`  inputs     ${rolesText(loss.inputs)}`, `  optional   ${rolesText(loss.optionalInputs ?? {}) || 'none'}`]),
    `  undefined  when ${loss.undefinedWhen}`,
    ...(loss.use === undefined ? [] : [`  use        ${loss.use}`]),
    `  reference  ${loss.reference}`,
    '',
  ];
  const options = optionsOf(loss).map(({name, type, value, description}) => [name, type, value, description]);
  if (options.length === 0) return [...facts, 'Options: none'].join('\n');
  return [...facts, 'Options:', plainTable(['option', 'type', 'default', 'meaning'], options)].join('\n');
}

/** The same as JSON. */
export function lossAsJson(loss: AnyLossDescriptor): unknown {
  const {id, family, summary, formula, range, unit, use, reference, undefinedWhen} = loss;
  return {
    id,
    family,
    better: directionText(loss),
    summary,
    formula,
    range,
    unit,
    use,
    reference,
    ...(isDatasetLoss(loss) ? {task: loss.task} : {inputs: loss.inputs, optionalInputs: loss.optionalInputs ?? {}}),
    undefinedWhen,
    options: optionsSchema(loss),
  };
}

interface OptionText {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly description: string;
}

/** The options of a loss, from its schema. */
export function optionsOf(loss: AnyLossDescriptor): OptionText[] {
  return Object.entries(optionsSchema(loss).properties ?? {}).map(([name, schema]) => ({
    name,
    type: typeText(schema),
    value: 'default' in schema ? JSON.stringify(schema.default) : 'none',
    description: schema.description ?? '',
  }));
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** `false` where only `properties` are allowed. */
  readonly additionalProperties?: JsonSchema | false;
  readonly description?: string;
  readonly default?: unknown;
  /** A file. */
  readonly path?: boolean;
}

function optionsSchema(loss: AnyLossDescriptor): JsonSchema {
  return z.toJSONSchema(loss.options, {target: 'draft-7', io: 'input'}) as JsonSchema;
}

function typeText(schema: JsonSchema): string {
  if (schema.path) return 'file';
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' | ');
  if (schema.type === 'array') {
    const {items} = schema;
    if (Array.isArray(items)) return `[${items.map(typeText).join(', ')}]`;
    return `list of ${items ? typeText(items as JsonSchema) : 'values'}`;
  }
  if (schema.type === 'object' && schema.additionalProperties)
    return `{name: ${typeText(schema.additionalProperties)}}`;
  if (schema.type === 'object')
    return `{${Object.entries(schema.properties ?? {})
      .map(([name, value]) => `${name}: ${typeText(value)}`)
      .join(', ')}}`;
  return [schema.type ?? 'any'].flat().join(' | ');
}

/** `lower` or `higher`, by the loss's default options. */
export function directionText({better, options}: AnyLossDescriptor): string {
  return typeof better === 'function' ? better(options.parse({})) : better;
}

/** What a loss of whole sets reads. */
function dataText({task}: DatasetLossDescriptor): string {
  return `${task === 'embedding' ? 'embeddings' : 'scores'} (task ${task})`;
}

/** Roles and how each is read. */
function rolesText(roles: Readonly<Record<string, string>>): string {
  return Object.entries(roles)
    .map(([role, reading]) => `${role} (${reading})`)
    .join(', ');
}
