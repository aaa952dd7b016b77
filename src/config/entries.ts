import {resolve} from 'node:path';
import * as z from 'zod';
import {type AnyLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import type {UsageCode} from '../messages/catalogue.js';
import type {AnyLossEntry} from './config.js';
import {didYouMean, expectation, toProblems} from './issues.js';
import {type ConfigNode, type ConfigPath, nodeAt, positionOf, toValue} from './node.js';
import {mapPaths} from './option-paths.js';
import {type Problem, showChoices, showPath, showValue} from './problem.js';
import {entryShape} from './schema.js';
import {keysAt} from './schema-keys.js';

const commonSchema = z.strictObject(entryShape);
const commonKeys = ['type', ...Object.keys(entryShape)];

/** Checks the losses of a config and fills in their defaults; what is wrong is added to `problems`. */
export function parseEntries(
  root: ConfigNode,
  descriptors: readonly AnyLossDescriptor[],
  problems: Problem[],
): AnyLossEntry[] {
  const list = nodeAt(root, ['losses']);
  const values = list?.kind === 'list' ? list.items.map(toValue) : [];
  const types = new Map(descriptors.map((descriptor) => [descriptor.id, descriptor]));
  const ids = new Map<string, number>();
  const entries: AnyLossEntry[] = [];
  for (const [i, value] of values.entries()) {
    const path = ['losses', i];
    const entry = parseEntry(value, path, root, types, problems);
    if (!entry) continue;
    const first = ids.get(entry.id);
    if (first === undefined) ids.set(entry.id, i);
    else problems.push(duplicateId(entry, first, path, root));
    entries.push(entry);
  }
  return entries;
}

function parseEntry(
  value: unknown,
  path: ConfigPath,
  root: ConfigNode,
  types: ReadonlyMap<string, AnyLossDescriptor>,
  problems: Problem[],
): AnyLossEntry | null {
  const report = (code: UsageCode, at: ConfigPath, text: string) => {
    problems.push({code, at: positionOf(root, at), text});
    return null;
  };
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (typeof value !== 'string' && !isMap) {
    return report(
      'CVL-C005',
      path,
      `${showPath(path)}: expected a loss or a map with its 'type', got ${showValue(value)}`,
    );
  }
  const {type, ...rest}: Record<string, unknown> = isMap ? (value as Record<string, unknown>) : {type: value};
  const typePath = isMap && type !== undefined ? [...path, 'type'] : path;
  const expected = `expected ${showChoices([...types.keys()])}`;
  if (type === undefined) return report('CVL-C006', path, `${showPath(path)}: missing 'type', ${expected}`);
  const descriptor = typeof type === 'string' ? types.get(type) : undefined;
  if (!descriptor) {
    const hint = typeof type === 'string' ? didYouMean(type, types.keys()) : '';
    return report('CVL-C010', typePath, `unknown loss ${showValue(type)}, ${expected}${hint}`);
  }
  return parseKeys(descriptor, rest, path, root, problems);
}

/** The keys all losses have and the loss's own options, each by their schema; file paths become absolute. */
function parseKeys(
  descriptor: AnyLossDescriptor,
  rest: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  root: ConfigNode,
  problems: Problem[],
): AnyLossEntry | null {
  const common: Record<string, unknown> = Object.create(null);
  const own: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(rest)) (Object.hasOwn(entryShape, key) ? common : own)[key] = value;
  const parsed = commonSchema.safeParse(common, {error: expectation});
  const absolute = mapPaths(descriptor.options, own, (file, below) =>
    resolve(positionOf(root, [...path, ...below]).base, file),
  );
  const options = descriptor.options.safeParse(absolute, {error: expectation});
  const keys = [...commonKeys, ...Object.keys(descriptor.options.shape)];
  const known = (at: ConfigPath) =>
    at.length === path.length ? keys : keysAt(descriptor.options, at.slice(path.length));
  for (const {error} of [parsed, options]) {
    if (error) problems.push(...toProblems(error.issues, path, root, known));
  }
  if (!parsed.success || !options.success) return null;
  const {id = descriptor.id, weight, undefined: policy} = parsed.data;
  const entry: AnyLossEntry = {
    descriptor,
    type: descriptor.id,
    id,
    ...(weight === undefined ? {} : {weight}),
    undefined: policy,
    options: options.data,
  };
  if (weight !== undefined && objective(entry) === 'none') {
    problems.push({
      code: 'CVL-C027',
      at: positionOf(root, [...path, 'weight']),
      text: `${showPath([...path, 'weight'])}: ${descriptor.id} cannot carry a weight, ${withoutTotal(descriptor)}; remove the weight`,
    });
  }
  return entry;
}

function withoutTotal(descriptor: AnyLossDescriptor): string {
  return isDatasetLoss(descriptor)
    ? `the rows of task ${descriptor.task} have no total`
    : 'it has no form that adds up to a total';
}

function objective({descriptor, options}: AnyLossEntry): 'itself' | 'one-minus' | 'none' {
  if (isDatasetLoss(descriptor)) return 'none';
  return typeof descriptor.objective === 'function' ? descriptor.objective(options) : descriptor.objective;
}

function duplicateId({id}: AnyLossEntry, first: number, path: ConfigPath, root: ConfigNode): Problem {
  const idPath = [...path, 'id'];
  return {
    code: 'CVL-C011',
    at: positionOf(root, nodeAt(root, idPath) ? idPath : path),
    text: `duplicate id '${id}', losses.${first} has it already; give one of them another 'id'`,
  };
}
