import type {Values} from '../completion/command-tree.js';

/** What options and arguments take that commander does not know of, since it is checked elsewhere. */
export interface ValueNames {
  /** By the option's key, as `reportFormat`. */
  readonly options: ReadonlyMap<string, Values>;
  /** By the argument's name. */
  readonly arguments: ReadonlyMap<string, Values>;
}

/** The names of losses, tasks, devices, formats, networks and messages, from where each is defined. */
export async function knownValues(): Promise<ValueNames> {
  const {configJsonSchema} = await import('../config/json-schema.js');
  const {knownNetworks} = await import('../networks/known.js');
  const {losses} = await import('../losses/registry.js');
  const {datasetLosses} = await import('../losses/dataset-registry.js');
  const {allMessages} = await import('../messages/catalogue.js');
  const schema = configJsonSchema();
  const lossNames = [...losses, ...datasetLosses].map(({id}) => id);
  const messageNames = allMessages().flatMap(({code, name}) => (name === null ? [code] : [code, name]));
  const networks = knownNetworks();
  const sources = networks.flatMap(({origins}) => origins.map(({id}) => id));
  return {
    options: new Map([
      ['losses', names(lossNames, true)],
      ['preset', names(choicesAt(schema, 'preset'))],
      ['task', names(choicesAt(schema, 'task'))],
      ['device', names(choicesAt(schema, 'device'))],
      ['reportFormat', names(choicesAt(schema, 'report', 'formats'), true)],
      ['assets', names(choicesAt(schema, 'report', 'assets'))],
      ['heatmaps', names(['none', 'all', 'worst:20', 'best:20'])],
      ['source', names(sources)],
    ]),
    arguments: new Map([
      ['id', names(lossNames)],
      ['network', names(networks.map(({definition}) => definition.id))],
      ['code', names(messageNames)],
    ]),
  };
}

function names(all: readonly string[], list = false): Values {
  return {kind: 'names', names: [...new Set(all)], list};
}

/** The texts that a key of the config takes: its own, or those of its items or branches. Throws where it takes none. */
function choicesAt(schema: object, ...path: readonly string[]): string[] {
  const found = path.reduce<unknown>((node, key) => child(child(node, 'properties'), key), schema);
  const choices = choicesIn(found);
  if (choices.length === 0) throw new TypeError(`the config takes no names at ${path.join('.')}`);
  return choices;
}

function choicesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(choicesIn);
  const own = child(node, 'enum') ?? [child(node, 'const')];
  const texts = (Array.isArray(own) ? own : []).filter((choice): choice is string => typeof choice === 'string');
  return texts.length > 0 ? texts : ['items', 'anyOf', 'oneOf'].flatMap((key) => choicesIn(child(node, key) ?? []));
}

function child(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined;
}
