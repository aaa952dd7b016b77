import {resolve} from 'node:path';
import {type AnyLossDescriptor, isDatasetLoss} from '../losses/dataset-contract.js';
import {datasetLosses} from '../losses/dataset-registry.js';
import {guardedLoss} from '../losses/guarded-loss.js';
import {losses} from '../losses/registry.js';
import type {Position} from './node.js';
import {type CheckedLosses, checkDescriptor} from './plugin-descriptor.js';
import {hashOf, importDefault, NotLoaded} from './plugin-module.js';
import {oneLine, type Problem, problemsError} from './problem.js';

/** A plugin as a config or a flag names it. */
export interface PluginRequest {
  readonly at: Position;
  /** As it was written. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  /** The SHA-256 that the module must have, where the config says. */
  readonly sha256?: string;
}

/** A plugin as the report records it. */
export interface PluginRecord {
  /** Absolute. */
  readonly file: string;
  /** Of the module's bytes; what it imports in turn is not in it. */
  readonly sha256: string;
}

/** Loaded plugins: their losses, and what identifies them. */
export interface Plugins {
  readonly descriptors: readonly AnyLossDescriptor[];
  readonly records: readonly PluginRecord[];
}

/**
 * Imports plugins one after another, each an ES module (or CommonJS) whose default export is what `defineLoss` gives,
 * or a list of such. `known` are the losses there are already.
 * Throws UsageError, a line for each mistake, when a file is missing, throws, has another hash than the config says, or
 * gives no loss, or a loss with an id that is taken.
 */
export async function loadPlugins(
  requests: readonly PluginRequest[],
  known: readonly AnyLossDescriptor[],
): Promise<Plugins> {
  const hashes = new Map<string, string>();
  const registry = new Registry(known);
  for (const request of requests) {
    const {at, name} = request;
    registry.add(await load(request, hashes), {at, name: oneLine(name, 200)});
  }
  const records = [...hashes].map(([file, sha256]) => ({file, sha256}));
  return {descriptors: registry.finish(), records};
}

const BUILT_IN: readonly AnyLossDescriptor[] = [...losses, ...datasetLosses];

/** The built-in losses and those of the plugins that `--plugin` flags name. Throws as `loadPlugins` does. */
export async function lossesWith(names: readonly string[], cwd?: string): Promise<readonly AnyLossDescriptor[]> {
  return (await pluginsNamed(names, cwd)).descriptors;
}

/** The same, with the records of the plugins. */
export async function pluginsNamed(names: readonly string[], cwd = '.'): Promise<Plugins> {
  const at: Position = {label: '--plugin', base: resolve(cwd)};
  const requests = names.map((name) => ({at, name, file: resolve(cwd, name)}));
  const {descriptors, records} = await loadPlugins(requests, BUILT_IN);
  return {descriptors: [...BUILT_IN, ...descriptors], records};
}

/** The losses that a program gives, those of its own checked as a plugin's are. Throws UsageError. */
export function givenLosses(descriptors: readonly AnyLossDescriptor[], cwd: string): readonly AnyLossDescriptor[] {
  const builtIn = descriptors.filter((descriptor) => BUILT_IN.includes(descriptor));
  const registry = new Registry(builtIn);
  for (const [i, descriptor] of descriptors.entries()) {
    if (builtIn.includes(descriptor)) continue;
    registry.add(checkDescriptor(descriptor), {at: {label: 'options', base: cwd}, name: `descriptors.${i}`});
  }
  return [...builtIn, ...registry.finish()];
}

const NOTHING: CheckedLosses = {descriptors: [], mistakes: []};

/** The losses of one plugin; a file that was loaded already gives none again. */
async function load({file, sha256: expected}: PluginRequest, hashes: Map<string, string>): Promise<CheckedLosses> {
  try {
    const loaded = hashes.get(file);
    const sha256 = loaded ?? (await hashOf(file));
    if (expected !== undefined && expected !== sha256) {
      return {...NOTHING, mistakes: [`has changed, expected the SHA-256 ${expected}, got ${sha256}`]};
    }
    if (loaded !== undefined) return NOTHING;
    hashes.set(file, sha256);
    return lossesIn(await importDefault(file, sha256));
  } catch (error) {
    if (error instanceof NotLoaded) return {...NOTHING, mistakes: [error.message]};
    throw error;
  }
}

/** The losses of a default export, each checked; mistakes in a list say which it is. */
function lossesIn(exported: unknown): CheckedLosses {
  if (!Array.isArray(exported)) return checkDescriptor(exported);
  if (exported.length === 0) return {...NOTHING, mistakes: ['expected a loss or a list of losses, got an empty list']};
  const checked = exported.map(checkDescriptor);
  return {
    descriptors: checked.flatMap(({descriptors}) => descriptors),
    mistakes: checked.flatMap(({mistakes}, i) => mistakes.map((mistake) => `default.${i}: ${mistake}`)),
  };
}

/** Losses under different ids, and what was wrong with those that were to join them. */
class Registry {
  private readonly owners: Map<string, string>;
  private readonly added: AnyLossDescriptor[] = [];
  private readonly problems: Problem[] = [];

  constructor(known: readonly AnyLossDescriptor[]) {
    this.owners = new Map(known.map(({id}) => [id, 'a built-in loss']));
  }

  add({descriptors, mistakes}: CheckedLosses, {at, name}: {readonly at: Position; readonly name: string}): void {
    const report = (text: string) => this.problems.push({code: 'CVL-C016', at, text: `${name}: ${text}`});
    mistakes.forEach(report);
    for (const descriptor of descriptors) {
      const owner = this.owners.get(descriptor.id);
      if (owner) report(`id: expected an id of its own, got '${descriptor.id}', which is ${owner}`);
      this.owners.set(descriptor.id, `in ${name} already`);
      this.added.push(isDatasetLoss(descriptor) ? descriptor : guardedLoss(descriptor));
    }
  }

  finish(): readonly AnyLossDescriptor[] {
    if (this.problems.length > 0) throw problemsError(this.problems);
    return this.added;
  }
}
