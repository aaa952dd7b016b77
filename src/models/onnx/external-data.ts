import {PbfReader} from 'pbf';

/** The field numbers of onnx.proto under which tensors are found, by message. */
const MODEL = {graph: 7, training: 20, functions: 25};
const TRAINING = {initialization: 1, algorithm: 2};
const GRAPH = {node: 1, initializer: 5, sparse: 15};
const FUNCTION = {node: 7};
const NODE = {attribute: 5};
const ATTRIBUTE = {tensor: 5, graph: 6, tensors: 10, graphs: 11, sparse: 22, sparses: 23};
const SPARSE = {values: 1, indices: 2};
const TENSOR = {external: 13, location: 14};
const ENTRY = {key: 1, value: 2};
const EXTERNAL = 1;

type Found = Set<string>;
type Read = (pbf: PbfReader, found: Found) => void;

/**
 * The places of weights outside of an ONNX model, as its tensors name them, wherever in the graph they are (subgraphs,
 * functions and training graphs included). Throws for bytes that are no protobuf.
 */
export function externalLocations(bytes: Uint8Array): readonly string[] {
  const found: Found = new Set();
  fields(new PbfReader(bytes), found, bytes.length, {
    [MODEL.graph]: graph,
    [MODEL.functions]: inside({[FUNCTION.node]: node}),
    [MODEL.training]: inside({[TRAINING.initialization]: graph, [TRAINING.algorithm]: graph}),
  });
  return [...found];
}

function graph(pbf: PbfReader, found: Found): void {
  inside({[GRAPH.node]: node, [GRAPH.initializer]: tensor, [GRAPH.sparse]: sparse})(pbf, found);
}

function node(pbf: PbfReader, found: Found): void {
  inside({[NODE.attribute]: attribute})(pbf, found);
}

function attribute(pbf: PbfReader, found: Found): void {
  inside({
    [ATTRIBUTE.tensor]: tensor,
    [ATTRIBUTE.tensors]: tensor,
    [ATTRIBUTE.graph]: graph,
    [ATTRIBUTE.graphs]: graph,
    [ATTRIBUTE.sparse]: sparse,
    [ATTRIBUTE.sparses]: sparse,
  })(pbf, found);
}

function sparse(pbf: PbfReader, found: Found): void {
  inside({[SPARSE.values]: tensor, [SPARSE.indices]: tensor})(pbf, found);
}

function tensor(pbf: PbfReader, found: Found): void {
  let isExternal = false;
  const locations: string[] = [];
  pbf.readMessage((field) => {
    if (field === TENSOR.location) isExternal = pbf.readVarint() === EXTERNAL;
    if (field === TENSOR.external) locations.push(...location(pbf));
  }, null);
  if (isExternal) for (const place of locations) found.add(place);
}

/** The value of an entry whose key is `location`. */
function location(pbf: PbfReader): string[] {
  const entry = {key: '', value: ''};
  pbf.readMessage((field) => {
    if (field === ENTRY.key) entry.key = pbf.readString();
    if (field === ENTRY.value) entry.value = pbf.readString();
  }, null);
  return entry.key === 'location' ? [entry.value] : [];
}

/** Reads a message, which it begins at the length of, by the fields that may hold tensors. */
function inside(known: Readonly<Record<number, Read>>): Read {
  return (pbf, found) => {
    const length = pbf.readVarint();
    fields(pbf, found, pbf.pos + length, known);
  };
}

function fields(pbf: PbfReader, found: Found, end: number, known: Readonly<Record<number, Read>>): void {
  pbf.readFields((field) => known[field]?.(pbf, found), null, end);
}
