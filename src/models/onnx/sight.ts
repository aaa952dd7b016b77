import {PbfReader} from 'pbf';
import type {SideWindows, Sight, SightOperation, SightStep} from '../sight.js';
import {contentsOf, fieldsOf, textsOf} from './wire.js';

/** Field numbers of onnx.proto. */
const MODEL = {graph: 7};
const GRAPH = {node: 1, initializer: 5, input: 11};
const NODE = {input: 1, output: 2, operator: 4, attribute: 5, domain: 7};
const ATTRIBUTE = {name: 1, integer: 3, text: 4, integers: 8};
const TENSOR = {name: 8};
const VALUE = {name: 1};

/** Operators that take each position by itself, constants beside them broadcast. */
const BY_POSITION: ReadonlySet<string> = new Set(
  `Abs Add BatchNormalization Cast Ceil Celu Clip Div Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LeakyRelu
  Log Max Mean Min Mish Mul Neg PRelu Pow Reciprocal Relu Round Selu Sigmoid Sign Softplus Softsign Sqrt Sub Sum Swish Tanh
  ThresholdedRelu`.split(/\s+/),
);
const POOLS: ReadonlySet<string> = new Set(['Conv', 'MaxPool', 'AveragePool', 'LpPool']);
const GLOBAL: ReadonlySet<string> = new Set(['GlobalAveragePool', 'GlobalMaxPool', 'GlobalLpPool']);

/** Operators whose values have channels first, as ONNX defines them. */
const CHANNELS_FIRST: ReadonlySet<string> = new Set([
  ...[...POOLS, ...GLOBAL, 'InstanceNormalization', 'BatchNormalization', 'GroupNormalization'],
  ...['ConvTranspose', 'ConvInteger', 'QLinearConv', 'DepthToSpace', 'SpaceToDepth', 'LRN'],
]);
/** Operators beside those by position that leave axes where they are. */
const KEEPS_AXES: ReadonlySet<string> = new Set(
  'Concat Softmax LayerNormalization MatMul Pad Resize Upsample Slice QuantizeLinear DequantizeLinear'.split(' '),
);

type Attributes = ReadonlyMap<string, Uint8Array>;

/** What the values of an ONNX model see of its input; null where it has not one input. */
export function onnxSight(model: Uint8Array): Sight | null {
  const fields = contentsOf(model, MODEL.graph).flatMap(fieldsOf);
  const named = (number: number, name: number) =>
    fields.filter((part) => part.number === number).map(({content}) => textsOf(content, name)[0] ?? '');
  const constants = new Set(named(GRAPH.initializer, TENSOR.name));
  const [input, other] = named(GRAPH.input, VALUE.name).filter((name) => !constants.has(name));
  if (input === undefined || other !== undefined) return null;
  const varying = new Set([input]);
  const steps: SightStep[] = [];
  for (const {content} of fields.filter(({number}) => number === GRAPH.node)) {
    const inputs = textsOf(content, NODE.input).filter((name) => varying.has(name));
    if (inputs.length === 0) continue;
    const operator = textsOf(content, NODE.operator)[0] ?? '';
    const isStandard = (textsOf(content, NODE.domain)[0] ?? '') === '';
    const attributes = attributesOf(content);
    const known = {operation: operationOf(operator, attributes), channels: channelsOf(operator, attributes)};
    textsOf(content, NODE.output).forEach((output, i) => {
      varying.add(output);
      steps.push({output, inputs, operator, ...(isStandard && i === 0 ? known : UNKNOWN)});
    });
  }
  return {input, steps};
}

function operationOf(operator: string, attributes: Attributes): SightOperation {
  if (BY_POSITION.has(operator)) return {type: 'position'};
  if (GLOBAL.has(operator)) return {type: 'everything', global: true};
  if (operator === 'InstanceNormalization') return {type: 'everything', global: false};
  if (operator === 'Concat' && [1, -3].includes(integersOf(attributes.get('axis'))[0] ?? 0)) return {type: 'position'};
  return POOLS.has(operator) ? windowsOf(attributes) : {type: 'unknown'};
}

const UNKNOWN: Pick<SightStep, 'operation' | 'channels'> = {operation: {type: 'unknown'}, channels: null};

function channelsOf(operator: string, attributes: Attributes): SightStep['channels'] {
  if (CHANNELS_FIRST.has(operator)) return 'first';
  if (BY_POSITION.has(operator) || KEEPS_AXES.has(operator)) return 'kept';
  if (operator !== 'Transpose') return null;
  const order = integersOf(attributes.get('perm')).join();
  if (order === '0,2,3,1') return 'last';
  return order === '0,3,1,2' ? 'first' : null;
}

function windowsOf(attributes: Attributes): SightOperation {
  const list = (name: string, usual: readonly number[]) => {
    const given = integersOf(attributes.get(name));
    return given.length === 0 ? usual : given;
  };
  const kernel = list('kernel_shape', []);
  const pads = list('pads', [0, 0, 0, 0]);
  // A convolution may leave its kernel's shape to the weights, which are not read here.
  if (kernel.length !== 2 || pads.length !== 4) return {type: 'unknown'};
  const [strides, dilations] = [list('strides', [1, 1]), list('dilations', [1, 1])];
  const mode = Buffer.from(attributes.get('auto_pad') ?? []).toString('latin1');
  const paddingOf = (axis: number): SideWindows['padding'] => {
    if (mode === 'SAME_UPPER') return 'same-upper';
    if (mode === 'SAME_LOWER') return 'same-lower';
    return mode === 'VALID' ? [0, 0] : [pads[axis] as number, pads[axis + 2] as number];
  };
  const side = (axis: number): SideWindows => ({
    kernel: kernel[axis] as number,
    stride: strides[axis] as number,
    dilation: dilations[axis] as number,
    padding: paddingOf(axis),
    ceil: integersOf(attributes.get('ceil_mode'))[0] === 1,
  });
  return {type: 'windows', rows: side(0), columns: side(1)};
}

/** A node's attributes that are integers, lists of them or texts: their bytes. */
function attributesOf(node: Uint8Array): Attributes {
  return new Map(
    contentsOf(node, NODE.attribute).map((attribute) => {
      const values = fieldsOf(attribute).filter(({number}) =>
        [ATTRIBUTE.integer, ATTRIBUTE.text, ATTRIBUTE.integers].includes(number),
      );
      return [textsOf(attribute, ATTRIBUTE.name)[0] ?? '', Buffer.concat(values.map(({content}) => content))];
    }),
  );
}

/** Integers one after the other, packed or not. */
function integersOf(bytes: Uint8Array | undefined): number[] {
  if (bytes === undefined) return [];
  const pbf = new PbfReader(bytes);
  const integers: number[] = [];
  while (pbf.pos < bytes.length) integers.push(pbf.readVarint(true));
  return integers;
}
