import {PbfWriter} from 'pbf';

/** Element types of ONNX tensors: the values of `TensorProto.DataType`. */
export const ElementType = {float32: 1, int64: 7, bool: 9, float64: 11} as const;
type Element = (typeof ElementType)[keyof typeof ElementType];

/** A node of an ONNX graph. Attributes are integers, or lists of them; `domain` is '' for ONNX's own operators. */
export interface OnnxNode {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** An input of a graph; a size given as a name may be another in every run. */
export interface OnnxInput {
  readonly name: string;
  readonly element: Element;
  readonly shape: readonly (number | string)[];
}

/** A constant: a list of integers or a number inside the model, or weights outside of it (`location` is their name at the session). */
export type OnnxConstant =
  | {readonly name: string; readonly integers: readonly number[]}
  | {readonly name: string; readonly number: number}
  | {readonly name: string; readonly shape: readonly number[]; readonly location: string; readonly bytes: number};

/** An ONNX graph, with nodes in an order in which each comes after its inputs. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly {readonly name: string; readonly element: Element}[];
  readonly constants: readonly OnnxConstant[];
}

const IR_VERSION = 8;
const OPERATOR_SETS = {'': 17, 'com.microsoft': 1};
/** `AttributeProto.AttributeType` of an integer and of a list of integers. */
const INTEGER = 2;
const INTEGERS = 7;
/** `TensorProto.DataLocation.EXTERNAL`. */
const EXTERNAL = 1;

/** A graph as the bytes of a ModelProto. Numbers below are the field numbers of onnx.proto. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  for (const [domain, version] of Object.entries(OPERATOR_SETS)) {
    message(pbf, 8, (set) => {
      set.writeStringField(1, domain);
      set.writeVarintField(2, version);
    });
  }
  message(pbf, 7, (out) => {
    for (const node of graph.nodes) message(out, 1, (inner) => encodeNode(inner, node));
    out.writeStringField(2, 'features');
    for (const constant of graph.constants) message(out, 5, (inner) => encodeConstant(inner, constant));
    for (const input of graph.inputs) message(out, 11, (inner) => encodeValue(inner, input));
    for (const output of graph.outputs) message(out, 12, (inner) => encodeValue(inner, output));
  });
  return pbf.finish();
}

function encodeNode(pbf: PbfWriter, {operator, domain, inputs, output, attributes}: OnnxNode): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, output);
  pbf.writeStringField(4, operator);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    message(pbf, 5, (attribute) => {
      attribute.writeStringField(1, name);
      if (typeof value === 'number') attribute.writeVarintField(3, value);
      else for (const element of value) attribute.writeVarintField(8, element);
      attribute.writeVarintField(20, typeof value === 'number' ? INTEGER : INTEGERS);
    });
  }
  if (domain !== undefined) pbf.writeStringField(7, domain);
}

function encodeConstant(pbf: PbfWriter, constant: OnnxConstant): void {
  const {name} = constant;
  if ('integers' in constant) {
    pbf.writeVarintField(1, constant.integers.length);
    pbf.writeVarintField(2, ElementType.int64);
    for (const value of constant.integers) pbf.writeVarintField(7, value);
    pbf.writeStringField(8, name);
    return;
  }
  if ('number' in constant) {
    pbf.writeVarintField(2, ElementType.float32);
    pbf.writePackedFloat(4, [constant.number]);
    pbf.writeStringField(8, name);
    return;
  }
  for (const side of constant.shape) pbf.writeVarintField(1, side);
  pbf.writeVarintField(2, ElementType.float32);
  pbf.writeStringField(8, name);
  const where = {location: constant.location, offset: '0', length: String(constant.bytes)};
  for (const [key, value] of Object.entries(where)) {
    message(pbf, 13, (entry) => {
      entry.writeStringField(1, key);
      entry.writeStringField(2, value);
    });
  }
  pbf.writeVarintField(14, EXTERNAL);
}

/** A ValueInfoProto; without a shape, the runtime infers it. */
function encodeValue(pbf: PbfWriter, {name, element, shape}: Omit<OnnxInput, 'shape'> & Partial<OnnxInput>): void {
  pbf.writeStringField(1, name);
  message(pbf, 2, (type) =>
    message(type, 1, (tensor) => {
      tensor.writeVarintField(1, element);
      if (shape) message(tensor, 2, (sides) => encodeShape(sides, shape));
    }),
  );
}

function encodeShape(pbf: PbfWriter, shape: readonly (number | string)[]): void {
  for (const side of shape) {
    message(pbf, 1, (dimension) => {
      if (typeof side === 'number') dimension.writeVarintField(1, side);
      else dimension.writeStringField(2, side);
    });
  }
}

function message(pbf: PbfWriter, field: number, write: (inner: PbfWriter) => void): void {
  pbf.writeMessage(field, (_: null, inner) => write(inner), null);
}
