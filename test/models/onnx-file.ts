import {PbfWriter} from 'pbf';

/** Element types: the values of `TensorProto.DataType`. */
export const ONNX = {float: 1, uint8: 2, int32: 6, int64: 7, string: 8, float16: 10, double: 11} as const;

interface Node {
  readonly name?: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | string | readonly number[] | Graph>>;
}

interface Value {
  readonly name: string;
  readonly element: number;
  /** Left out: not declared. */
  readonly shape?: readonly (number | string)[];
}

interface Constant {
  readonly name: string;
  readonly element: number;
  readonly shape: readonly number[];
  /** The elements, little-endian; or the place where they are. */
  readonly bytes: Uint8Array | {readonly location: string};
}

interface Graph {
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants?: readonly Constant[];
}

/** The bytes of an ONNX model. Numbers are the field numbers of onnx.proto. */
export function onnxModel(graph: Graph): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, 8);
  message(pbf, 8, (set) => {
    set.writeStringField(1, '');
    set.writeVarintField(2, 17);
  });
  message(pbf, 7, (out) => writeGraph(out, graph));
  return pbf.finish();
}

function writeGraph(pbf: PbfWriter, graph: Graph): void {
  for (const node of graph.nodes) message(pbf, 1, (inner) => writeNode(inner, node));
  pbf.writeStringField(2, 'made for a test');
  for (const constant of graph.constants ?? []) message(pbf, 5, (inner) => writeConstant(inner, constant));
  for (const input of graph.inputs) message(pbf, 11, (inner) => writeValue(inner, input));
  for (const output of graph.outputs) message(pbf, 12, (inner) => writeValue(inner, output));
}

/** A constant of float32. */
export function floats(name: string, shape: readonly number[], values: ArrayLike<number>): Constant {
  return {name, element: ONNX.float, shape, bytes: new Uint8Array(Float32Array.from(values).buffer)};
}

function writeNode(pbf: PbfWriter, {name: node, operator, inputs, outputs, attributes = {}}: Node): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  for (const output of outputs) pbf.writeStringField(2, output);
  if (node !== undefined) pbf.writeStringField(3, node);
  pbf.writeStringField(4, operator);
  for (const [name, value] of Object.entries(attributes)) {
    message(pbf, 5, (attribute) => {
      attribute.writeStringField(1, name);
      writeAttribute(attribute, value);
    });
  }
}

/** The value of an attribute, and its type. */
function writeAttribute(attribute: PbfWriter, value: number | string | readonly number[] | Graph): void {
  if (typeof value === 'object' && 'nodes' in value) {
    message(attribute, 6, (graph) => writeGraph(graph, value));
    attribute.writeVarintField(20, 5);
  } else if (typeof value === 'string') {
    attribute.writeStringField(4, value);
    attribute.writeVarintField(20, 3);
  } else {
    for (const one of [value].flat()) attribute.writeVarintField(typeof value === 'number' ? 3 : 8, one);
    attribute.writeVarintField(20, typeof value === 'number' ? 2 : 7);
  }
}

function writeConstant(pbf: PbfWriter, {name, element, shape, bytes}: Constant): void {
  for (const side of shape) pbf.writeVarintField(1, side);
  pbf.writeVarintField(2, element);
  pbf.writeStringField(8, name);
  if (bytes instanceof Uint8Array) {
    pbf.writeBytesField(9, bytes);
    return;
  }
  message(pbf, 13, (entry) => {
    entry.writeStringField(1, 'location');
    entry.writeStringField(2, bytes.location);
  });
  pbf.writeVarintField(14, 1);
}

function writeValue(pbf: PbfWriter, {name, element, shape}: Value): void {
  pbf.writeStringField(1, name);
  message(pbf, 2, (type) =>
    message(type, 1, (tensor) => {
      tensor.writeVarintField(1, element);
      if (!shape) return;
      message(tensor, 2, (sides) => {
        for (const side of shape) {
          message(sides, 1, (dimension) => {
            if (typeof side === 'number') dimension.writeVarintField(1, side);
            else dimension.writeStringField(2, side);
          });
        }
      });
    }),
  );
}

function message(pbf: PbfWriter, field: number, write: (inner: PbfWriter) => void): void {
  pbf.writeMessage(field, (_: null, inner) => write(inner), null);
}
