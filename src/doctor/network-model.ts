import {PbfWriter} from 'pbf';

/** Field numbers of onnx.proto3 that are used here. */
const MODEL = {irVersion: 1, graph: 7, opset: 8};
const GRAPH = {node: 1, name: 2, input: 11, output: 12};
const NODE = {input: 1, output: 2, operator: 4};
const VALUE = {name: 1, type: 2};

/** The smallest model that says whether a runtime computes: `y = Conv(x, w)`, x of 1×1×3×3 and w of 1×1×2×2. */
export function convolutionModel(): Uint8Array {
  const model = new PbfWriter();
  model.writeVarintField(MODEL.irVersion, 8);
  model.writeMessage(MODEL.graph, writeGraph, {
    inputs: [
      {name: 'x', shape: [1, 1, 3, 3]},
      {name: 'w', shape: [1, 1, 2, 2]},
    ],
    output: {name: 'y', shape: [1, 1, 2, 2]},
  });
  model.writeMessage(MODEL.opset, (version, writer) => writer.writeVarintField(2, version), 13);
  return model.finish();
}

interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

function writeGraph({inputs, output}: {readonly inputs: readonly Value[]; readonly output: Value}, writer: PbfWriter) {
  writer.writeMessage(GRAPH.node, writeNode, {inputs, output});
  writer.writeStringField(GRAPH.name, 'probe');
  for (const input of inputs) writer.writeMessage(GRAPH.input, writeValue, input);
  writer.writeMessage(GRAPH.output, writeValue, output);
}

function writeNode({inputs, output}: {readonly inputs: readonly Value[]; readonly output: Value}, writer: PbfWriter) {
  for (const {name} of inputs) writer.writeStringField(NODE.input, name);
  writer.writeStringField(NODE.output, output.name);
  writer.writeStringField(NODE.operator, 'Conv');
}

function writeValue({name, shape}: Value, writer: PbfWriter) {
  writer.writeStringField(VALUE.name, name);
  writer.writeMessage(VALUE.type, writeTensorType, shape);
}

/** TypeProto { tensor_type { elem_type: FLOAT, shape { dim { dim_value } … } } }. */
function writeTensorType(shape: readonly number[], writer: PbfWriter) {
  const writeDimension = (size: number, inner: PbfWriter) => inner.writeVarintField(1, size);
  const writeShape = (sizes: readonly number[], inner: PbfWriter) => {
    for (const size of sizes) inner.writeMessage(1, writeDimension, size);
  };
  writer.writeMessage(
    1,
    (sizes, inner) => {
      inner.writeVarintField(1, 1);
      inner.writeMessage(2, writeShape, sizes);
    },
    shape,
  );
}
