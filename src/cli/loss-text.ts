import {distance} from 'fastest-levenshtein';
import {z} from 'zod';
import {UsageError} from '../errors.js';
import type {LossDescriptor} from '../losses/contract.js';
import {plainTable} from './table.js';

/** All losses of a registry, or the named one. Throws UsageError with the nearest names for an unknown id. */
export function namedLosses(
  id: string | undefined,
  losses: readonly LossDescriptor[],
): readonly [LossDescriptor, ...LossDescriptor[]] {
  const chosen = id === undefined ? losses : losses.filter((loss) => loss.id === id);
  const [first, ...rest] = chosen;
  if (first) return [first, ...rest];
  const near = losses.map((loss) => loss.id).filter((name) => distance(name, id ?? '') <= 2);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; cv-loss losses lists them';
  throw new UsageError(`no loss is named '${id}'${hint}`);
}

/** One line a loss: id, family, direction, summary. */
export function listLosses(chosen: readonly LossDescriptor[]): string {
  const rows = chosen.map((loss) => [loss.id, loss.family, directionText(loss), loss.summary]);
  return plainTable(['loss', 'family', 'better', 'what it is'], rows);
}

/** Everything a loss says of itself. */
export function describeLoss(loss: LossDescriptor): string {
  const facts = [
    `${loss.id}: ${loss.summary}`,
    '',
    `  formula    ${loss.formula}`,
    `  better     ${directionText(loss)}`,
    `  inputs     ${rolesText(loss.inputs)}`,
    `  optional   ${rolesText(loss.optionalInputs ?? {}) || 'none'}`,
    `  undefined  when ${loss.undefinedWhen}`,
    `  reference  ${loss.reference}`,
    '',
    'Options:',
  ];
  const options = optionsOf(loss).map(({name, type, value, description}) => [name, type, value, description]);
  return `${facts.join('\n')}\n${plainTable(['option', 'type', 'default', 'meaning'], options)}`;
}

/** The same as JSON. */
export function lossAsJson(loss: LossDescriptor): unknown {
  const {id, family, summary, formula, reference, inputs, optionalInputs = {}, undefinedWhen} = loss;
  return {
    id,
    family,
    better: directionText(loss),
    summary,
    formula,
    reference,
    inputs,
    optionalInputs,
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
export function optionsOf(loss: LossDescriptor): OptionText[] {
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
  readonly description?: string;
  readonly default?: unknown;
}

function optionsSchema(loss: LossDescriptor): JsonSchema {
  return z.toJSONSchema(loss.options, {target: 'draft-7', io: 'input'}) as JsonSchema;
}

function typeText(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' | ');
  if (schema.type === 'array') {
    const {items} = schema;
    if (Array.isArray(items)) return `[${items.map(typeText).join(', ')}]`;
    return `list of ${items ? typeText(items as JsonSchema) : 'values'}`;
  }
  if (schema.type === 'object')
    return `{${Object.entries(schema.properties ?? {})
      .map(([name, value]) => `${name}: ${typeText(value)}`)
      .join(', ')}}`;
  return [schema.type ?? 'any'].flat().join(' | ');
}

/** `lower` or `higher`, by the loss's default options. */
export function directionText({better, options}: LossDescriptor): string {
  return typeof better === 'function' ? better(options.parse({})) : better;
}

/** Roles and how each is read. */
export function rolesText(roles: Readonly<Record<string, string>>): string {
  return Object.entries(roles)
    .map(([role, reading]) => `${role} (${reading})`)
    .join(', ');
}
