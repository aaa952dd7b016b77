import {Alias, isMap, isScalar, isSeq} from 'yaml';
import {type ConfigNode, MAX_DEPTH, type MapEntry, type Position} from './node.js';
import {type Problem, problemsError, showValue} from './problem.js';
import {NESTED} from './shape.js';

const MAX_NODES = 10_000;

/** Makes nodes of a YAML tree. An aliased node is made once and shared; its nodes count wherever it is used. */
export class NodeReader {
  private readonly anchors = new Map<string, {readonly node: ConfigNode; readonly count: number}>();
  private count = 0;

  constructor(
    private readonly position: (offset: number) => Position,
    private readonly whole: Position,
  ) {}

  read(node: unknown, depth = 0): ConfigNode {
    const at = this.at(node);
    this.add(1, at);
    if (depth > MAX_DEPTH) throw problemsError([{code: 'CVL-C002', at, text: NESTED}]);
    if (node instanceof Alias) return this.alias(node, at);
    const before = this.count;
    const made = this.make(node, at, depth);
    const {anchor} = (node ?? {}) as {anchor?: string};
    if (anchor) this.anchors.set(anchor, {node: made, count: this.count - before});
    return made;
  }

  private make(node: unknown, at: Position, depth: number): ConfigNode {
    if (isSeq(node)) return {kind: 'list', at, items: node.items.map((item) => this.read(item, depth + 1))};
    if (!isMap(node)) return {kind: 'scalar', at, value: isScalar(node) ? node.value : null};
    const entries = new Map<string, MapEntry>();
    for (const {key, value} of node.items) {
      const keyAt = this.at(key);
      const name = keyText(key, keyAt);
      const known = entries.get(name);
      if (known) throw problemsError([duplicateKey(name, keyAt, known.keyAt)]);
      entries.set(name, {
        keyAt,
        node: value === null ? {kind: 'scalar', at: keyAt, value: null} : this.read(value, depth + 1),
      });
    }
    return {kind: 'map', at, entries};
  }

  private alias({source}: Alias, at: Position): ConfigNode {
    const target = this.anchors.get(source);
    if (!target)
      throw problemsError([
        {code: 'CVL-C002', at, text: `alias ${showValue(`*${source}`)} has no complete anchor before it`},
      ]);
    this.add(target.count, at);
    return target.node;
  }

  private add(count: number, at: Position): void {
    this.count += count;
    if (this.count > MAX_NODES)
      throw problemsError([
        {code: 'CVL-C002', at, text: `too much for a config: more than ${MAX_NODES} values, aliases counted`},
      ]);
  }

  private at(node: unknown): Position {
    const {range} = (node ?? {}) as {range?: readonly number[] | null};
    return range ? this.position(range[0] as number) : this.whole;
  }
}

function keyText(key: unknown, at: Position): string {
  if (isScalar(key)) {
    if (typeof key.value === 'string') return key.value;
    if (typeof key.value === 'number' || typeof key.value === 'boolean') return key.source ?? String(key.value);
  }
  throw problemsError([
    {
      code: 'CVL-C002',
      at,
      text: `a key must be text, got ${isScalar(key) ? String(key.value) : 'a list, map or alias'}`,
    },
  ]);
}

function duplicateKey(name: string, at: Position, first: Position): Problem {
  const where = first.line === undefined ? 'already' : `already on line ${first.line}`;
  return {code: 'CVL-C007', at, text: `duplicate key ${showValue(name)}, set ${where}; remove one`};
}
