import {UsageError} from '../errors.js';
import {didYouMean} from './issues.js';
import {type ConfigNode, type ConfigPath, fromValue, type ListNode, type MapNode, type Position} from './node.js';
import {oneLine, problemsError, showChoices, showPath, showValue} from './problem.js';

/** One `--set path=value`, parsed. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: ConfigNode;
  readonly at: Position;
}

/** Parses `losses.0.weight=2`; the value is YAML. Throws UsageError for anything else. */
export async function parseSetting(text: string, cwd: string): Promise<Setting> {
  const split = text.indexOf('=');
  const path = text.slice(0, split).split('.');
  const label = `--set ${text}`;
  if (split < 1 || path.some((step) => step === '') || text.slice(split + 1).trim() === '') {
    throw new UsageError('CVL-C008', `${oneLine(label, 200)}: expected path=value, such as losses.0.weight=2`);
  }
  const at: Position = {label, names: path.join('.'), base: cwd};
  return {path, value: await parseValue(text.slice(split + 1), at), at};
}

async function parseValue(text: string, at: Position): Promise<ConfigNode> {
  // Nobody writes a comment into a flag: `blend #ffffff` is a colour here, where YAML would cut it at the `#`.
  if (/^[\w-]+ #/.test(text)) return {kind: 'scalar', at, value: text};
  // Read when there is a text: a run of flags alone needs no YAML.
  const {parseConfigText} = await import('./text.js');
  return parseConfigText({text, at, lines: false, json: false});
}

/** The config with the setting made; maps on the way are created, list entries are not. */
export function applySetting(root: ConfigNode, setting: Setting): ConfigNode {
  return change(root, [], setting);
}

function change(node: ConfigNode, done: readonly string[], setting: Setting): ConfigNode {
  const [step, ...rest] = setting.path.slice(done.length);
  if (step === undefined) return setting.value;
  const below = [...done, step];
  if (node.kind === 'map') return changeKey(node, step, below, setting);
  if (node.kind === 'list') {
    const index = indexOf(node, step, done, setting);
    const item = node.items[index] as ConfigNode;
    const entry = rest.length > 0 && isLossList(done) ? lossMap(item) : item;
    return {...node, items: node.items.with(index, change(entry, below, setting))};
  }
  if (node.value === null) return change({kind: 'map', at: setting.at, entries: new Map()}, done, setting);
  throw failed(
    setting,
    `${showPath(done) || 'the config'} is ${showValue(node.value)}, which has no '${oneLine(step, 60)}'`,
  );
}

function changeKey(node: MapNode, step: string, below: readonly string[], setting: Setting): MapNode {
  const old = node.entries.get(step)?.node ?? {kind: 'scalar', at: setting.at, value: null};
  const entries = new Map(node.entries);
  entries.set(step, {keyAt: setting.at, node: change(old, below, setting)});
  return {...node, entries};
}

function indexOf(node: ListNode, step: string, done: ConfigPath, setting: Setting): number {
  if (/^\d+$/.test(step)) {
    const index = Number(step);
    if (index < node.items.length) return index;
    throw failed(setting, `${showPath(done)} has ${node.items.length} entries, the last is ${node.items.length - 1}`);
  }
  if (!isLossList(done))
    throw failed(setting, `${showPath(done)} is a list, expected an index, got ${showValue(step)}`);
  const ids = node.items.map(lossId);
  const index = ids.indexOf(step);
  if (index >= 0) return index;
  const known = ids.filter((id) => id !== undefined);
  throw failed(
    setting,
    `no loss with the id ${showValue(step)}, expected ${showChoices(known)}${didYouMean(step, known)}`,
  );
}

function isLossList(path: ConfigPath): boolean {
  return path.length === 1 && path[0] === 'losses';
}

/** The id of a loss as it is written: `id`, else the type. */
function lossId(node: ConfigNode): string | undefined {
  const named = node.kind === 'map' ? (node.entries.get('id') ?? node.entries.get('type'))?.node : node;
  return named?.kind === 'scalar' && typeof named.value === 'string' ? named.value : undefined;
}

/** `ssim` as `{type: ssim}`, so that it can take a key. */
function lossMap(node: ConfigNode): ConfigNode {
  return node.kind === 'scalar' && typeof node.value === 'string' ? fromValue({type: node.value}, () => node.at) : node;
}

function failed(setting: Setting, text: string): UsageError {
  return problemsError([{code: 'CVL-C008', at: setting.at, text}]);
}
