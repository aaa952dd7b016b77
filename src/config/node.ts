/** Where a part of the config was written. */
export interface Position {
  /** The file as the user named it, a flag, or a whole `--set`. */
  readonly label: string;
  /** In a file: from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The config path that the label names already, so that messages need not repeat it. */
  readonly names?: string;
  /** The folder that relative paths written here start from. */
  readonly base: string;
}

/** A path into the config, as `['losses', 0, 'weight']`. */
export type ConfigPath = readonly (string | number)[];

/** A value of the config with the place where it was written; YAML aliases share nodes. Never changed once made. */
export type ConfigNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly at: Position;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly keyAt: Position;
  readonly node: ConfigNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly ConfigNode[];
}

interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: unknown;
}

/** Deeper values are refused before they can exhaust the stack. */
export const MAX_DEPTH = 50;

/** Nodes of a plain value (lists and objects; `undefined` entries are left out), each at the position of its path. */
export function fromValue(value: unknown, at: (path: ConfigPath) => Position, path: ConfigPath = []): ConfigNode {
  if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) {
    return {kind: 'scalar', at: at(path), value};
  }
  if (Array.isArray(value)) {
    return {kind: 'list', at: at(path), items: value.map((item, i) => fromValue(item, at, [...path, i]))};
  }
  const entries = new Map<string, MapEntry>();
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const inner = [...path, key];
    entries.set(key, {keyAt: at(inner), node: fromValue(item, at, inner)});
  }
  return {kind: 'map', at: at(path), entries};
}

/** The plain value of a node. Maps get no prototype, so that `toString` is a key like any other. */
export function toValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toValue);
  const value: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of node.entries) value[key] = toValue(entry.node);
  return value;
}

/** The node at a path, or undefined. */
export function nodeAt(root: ConfigNode, path: ConfigPath): ConfigNode | undefined {
  let node: ConfigNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.node;
    else if (node?.kind === 'list') node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** Where the value at a path was written; for a value that is missing, where its nearest parent was. */
export function positionOf(root: ConfigNode, path: ConfigPath): Position {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    if (node) return node.at;
  }
  return root.at;
}

/** Where a key was written: of `path`, the last step. */
export function keyPositionOf(root: ConfigNode, path: ConfigPath): Position {
  const parent = nodeAt(root, path.slice(0, -1));
  const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined;
  return entry?.keyAt ?? positionOf(root, path);
}

/** `over` laid on `base`: maps merge key by key, anything else replaces what was there. */
export function overlay(base: ConfigNode, over: ConfigNode): ConfigNode {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below ? {...entry, node: overlay(below.node, entry.node)} : entry);
  }
  return {kind: 'map', at: base.at.line === undefined ? over.at : base.at, entries};
}

/** Paths of the keys named `__proto__`, which schemas of open maps pass over. */
export function prototypeKeys(node: ConfigNode, path: ConfigPath = []): ConfigPath[] {
  if (node.kind === 'scalar') return [];
  const inner: [string | number, ConfigNode][] =
    node.kind === 'list' ? [...node.items.entries()] : [...node.entries].map(([key, entry]) => [key, entry.node]);
  return inner.flatMap(([step, child]) => [
    ...(step === '__proto__' ? [[...path, step]] : []),
    ...prototypeKeys(child, [...path, step]),
  ]);
}

/** Whether a key says something: null, false and empty maps do not. */
export function isSet(node: ConfigNode | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === 'map') return node.entries.size > 0;
  const value = toValue(node);
  return value !== null && value !== false;
}
