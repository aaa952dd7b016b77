import {contentsOf, type Field, field, fieldsOf, textsOf} from './wire.js';

/** Field numbers of onnx.proto. */
const MODEL = {graph: 7};
const GRAPH = {node: 1, input: 11, output: 12};
const NODE = {input: 1, output: 2, name: 3, attribute: 5};
const ATTRIBUTE = {graph: 6, graphs: 11};
const VALUE = {name: 1};

/** A node of a model's graph. */
interface GraphNode {
  /** Empty where it has none. */
  readonly name: string;
  /** The names of the values that it gives. */
  readonly outputs: readonly string[];
}

/** What may be read of a model: the outputs of its graph, and those of its nodes. */
export interface GraphOutline {
  readonly outputs: readonly string[];
  /** In the order of the graph, in which each comes after those that it reads. */
  readonly nodes: readonly GraphNode[];
}

/** The outputs and nodes of an ONNX model, subgraphs left out. Throws for bytes that are no protobuf. */
export function graphOutline(model: Uint8Array): GraphOutline {
  const fields = contentsOf(model, MODEL.graph).flatMap(fieldsOf);
  return {
    outputs: fields.filter(({number}) => number === GRAPH.output).map(nameOf),
    nodes: fields
      .filter(({number}) => number === GRAPH.node)
      .map(({content}) => ({name: textsOf(content, NODE.name)[0] ?? '', outputs: outputsOf(content)})),
  };
}

/**
 * The value that a name means: the output of a graph, one of a node, or the first output of the node of that name; null
 * where it means none.
 */
export function findValue({outputs, nodes}: GraphOutline, name: string): string | null {
  if (outputs.includes(name) || nodes.some((node) => node.outputs.includes(name))) return name;
  return nodes.find((node) => node.name === name)?.outputs[0] ?? null;
}

/**
 * An ONNX model with other outputs, each an output of its graph or a value of one of its nodes. Nodes and inputs that
 * none of them needs are left out, as the runtime would compute and ask for them. The rest keeps its bytes; the runtime
 * infers the type of a new output. Throws RangeError for a value that no node gives.
 */
export function selectOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  const parts = fieldsOf(model).map((part) =>
    part.number === MODEL.graph ? field(MODEL.graph, cutGraph(part.content, names)) : part.raw,
  );
  return Buffer.concat(parts);
}

function cutGraph(graph: Uint8Array, names: readonly string[]): Uint8Array {
  const fields = fieldsOf(graph);
  const declared = new Map(
    fields.filter(({number}) => number === GRAPH.output).map((part) => [nameOf(part), part.raw]),
  );
  const {needed, nodes} = requirements(fields, names);
  const missing = names.filter(
    (name) => !declared.has(name) && ![...nodes].some((node) => outputsOf(node.content).includes(name)),
  );
  if (missing.length > 0) throw new RangeError(`no node gives ${missing.join(', ')}`);
  const kept = fields.filter((part) => {
    if (part.number === GRAPH.node) return nodes.has(part);
    if (part.number === GRAPH.input) return needed.has(nameOf(part));
    return part.number !== GRAPH.output;
  });
  const outputs = [...new Set(names)].map((name) => declared.get(name) ?? field(GRAPH.output, field(VALUE.name, name)));
  return Buffer.concat([...kept.map(({raw}) => raw), ...outputs]);
}

/** The nodes that some values are made by, and every value that these read. */
function requirements(fields: readonly Field[], names: readonly string[]) {
  const needed = new Set(names);
  const nodes = new Set<Field>();
  for (const part of fields.filter(({number}) => number === GRAPH.node).reverse()) {
    if (!outputsOf(part.content).some((output) => needed.has(output))) continue;
    nodes.add(part);
    for (const value of readsOf(part.content)) needed.add(value);
  }
  return {needed, nodes};
}

/** The values that a node reads; those of its subgraphs too, which may read values of the graph around them. */
function readsOf(node: Uint8Array): string[] {
  const subgraphs = contentsOf(node, NODE.attribute).flatMap((attribute) =>
    [ATTRIBUTE.graph, ATTRIBUTE.graphs].flatMap((number) => contentsOf(attribute, number)),
  );
  const inner = subgraphs.flatMap(fieldsOf).flatMap((part) => {
    if (part.number === GRAPH.node) return readsOf(part.content);
    return part.number === GRAPH.output ? [nameOf(part)] : [];
  });
  return [...textsOf(node, NODE.input), ...inner];
}

/** A node may leave out outputs, by empty names. */
function outputsOf(node: Uint8Array): string[] {
  return textsOf(node, NODE.output).filter((name) => name !== '');
}

function nameOf({content}: Field): string {
  return textsOf(content, VALUE.name)[0] ?? '';
}
