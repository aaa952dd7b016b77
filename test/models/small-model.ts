import {floats, ONNX, onnxModel} from './onnx-file.js';

/** Values in (−0.5, 0.5), the same every time. */
export function values(length: number, seed: number): Float32Array {
  return Float32Array.from({length}, (_, i) => {
    let hash = Math.imul(i + 1 + 7919 * seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca77);
    return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32 - 0.5;
  });
}

/** Channels after the convolution, and numbers of the result. */
const WIDTH = 6;
export const DIMENSIONS = 4;

/** A convolution (3×3, no padding, `[out, in, 3, 3]`), its bias, and a matrix (`[WIDTH, DIMENSIONS]`). */
const weights = {
  kernel: values(WIDTH * 27, 1),
  bias: values(WIDTH, 2),
  matrix: values(WIDTH * DIMENSIONS, 3),
};

/** conv → relu → mean over the positions → matrix, as an ONNX model. */
export function smallOnnx({
  size = [8, 8] as readonly (number | string)[],
  batch = 'n' as number | string,
} = {}): Uint8Array {
  return onnxModel({
    nodes: [
      {operator: 'Conv', inputs: ['image', 'kernel', 'bias'], outputs: ['conv'], attributes: {kernel_shape: [3, 3]}},
      {operator: 'Relu', inputs: ['conv'], outputs: ['relu']},
      {operator: 'ReduceMean', inputs: ['relu'], outputs: ['pooled'], attributes: {axes: [2, 3], keepdims: 0}},
      {operator: 'MatMul', inputs: ['pooled', 'matrix'], outputs: ['embedding']},
    ],
    inputs: [{name: 'image', element: ONNX.float, shape: [batch, 3, ...size]}],
    outputs: [{name: 'embedding', element: ONNX.float, shape: [batch, DIMENSIONS]}],
    constants: [
      floats('kernel', [WIDTH, 3, 3, 3], weights.kernel),
      floats('bias', [WIDTH], weights.bias),
      floats('matrix', [WIDTH, DIMENSIONS], weights.matrix),
    ],
  });
}

/** The kernel as TensorFlow keeps it, `[3, 3, in, out]`. */
function kernelLast(): Float32Array {
  const out = new Float32Array(weights.kernel.length);
  for (let o = 0; o < WIDTH; o++) {
    for (let i = 0; i < 3; i++) {
      for (let at = 0; at < 9; at++) {
        out[(at * 3 + i) * WIDTH + o] = weights.kernel[(o * 3 + i) * 9 + at] as number;
      }
    }
  }
  return out;
}

/** Files by name. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

const weightFile = (): Uint8Array =>
  Buffer.concat([kernelLast(), weights.bias, weights.matrix].map((array) => Buffer.from(array.buffer)));

function manifest(names: readonly [string, string, string], path: string) {
  const entries = [
    {name: names[0], shape: [3, 3, 3, WIDTH], dtype: 'float32'},
    {name: names[1], shape: [WIDTH], dtype: 'float32'},
    {name: names[2], shape: [WIDTH, DIMENSIONS], dtype: 'float32'},
  ];
  return [{paths: [path], weights: entries}];
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The same model as a graph model of TensorFlow.js, as its converter writes it. `last` is the name of another last operator. */
export function smallGraph({path = 'weights.bin', last = 'MatMul', size = [8, 8]} = {}): Files {
  const float = {T: {type: 'DT_FLOAT'}};
  const constant = (name: string, shape: readonly number[]) => ({
    name,
    op: 'Const',
    attr: {
      dtype: {type: 'DT_FLOAT'},
      value: {tensor: {dtype: 'DT_FLOAT', tensorShape: {dim: shape.map((side) => ({size: String(side)}))}}},
    },
  });
  const node = [
    {
      name: 'image',
      op: 'Placeholder',
      attr: {
        dtype: {type: 'DT_FLOAT'},
        shape: {shape: {dim: [-1, ...size, 3].map((side) => ({size: String(side)}))}},
      },
    },
    constant('kernel', [3, 3, 3, WIDTH]),
    constant('bias', [WIDTH]),
    constant('matrix', [WIDTH, DIMENSIONS]),
    {
      name: 'axes',
      op: 'Const',
      attr: {
        dtype: {type: 'DT_INT32'},
        value: {tensor: {dtype: 'DT_INT32', tensorShape: {dim: [{size: '2'}]}}},
      },
    },
    {
      name: 'conv',
      op: 'Conv2D',
      input: ['image', 'kernel'],
      attr: {
        ...float,
        strides: {list: {i: ['1', '1', '1', '1']}},
        dilations: {list: {i: ['1', '1', '1', '1']}},
        padding: {s: base64('VALID')},
        data_format: {s: base64('NHWC')},
      },
    },
    {name: 'biased', op: 'BiasAdd', input: ['conv', 'bias'], attr: float},
    {name: 'relu', op: 'Relu', input: ['biased'], attr: float},
    {name: 'pooled', op: 'Mean', input: ['relu', 'axes'], attr: {...float, keep_dims: {b: false}}},
    {
      name: 'embedding',
      op: last,
      input: ['pooled', 'matrix'],
      attr: {transpose_a: {b: false}, transpose_b: {b: false}, equation: {s: base64('ab,bc->ac')}, N: {i: '2'}},
    },
  ];
  const [group] = manifest(['kernel', 'bias', 'matrix'], path);
  const entries = [...(group?.weights ?? []), {name: 'axes', shape: [2], dtype: 'int32'}];
  const model = {
    format: 'graph-model',
    modelTopology: {node, versions: {}},
    weightsManifest: [{paths: [path], weights: entries}],
  };
  const axes = Buffer.from(Int32Array.of(1, 2).buffer);
  return {'model.json': JSON.stringify(model), 'weights.bin': Buffer.concat([weightFile(), axes])};
}

/** The same model as a layers model of TensorFlow.js, as Keras' converter writes it. */
export function smallLayers({path = 'weights.bin'} = {}): Files {
  const layer = (class_name: string, config: object) => ({class_name, config});
  const layers = [
    layer('Conv2D', {
      name: 'conv',
      batch_input_shape: [null, 8, 8, 3],
      dtype: 'float32',
      filters: WIDTH,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: 'valid',
      data_format: 'channels_last',
      activation: 'relu',
      use_bias: true,
    }),
    layer('GlobalAveragePooling2D', {name: 'pooled', data_format: 'channels_last'}),
    layer('Dense', {name: 'dense', units: DIMENSIONS, activation: 'linear', use_bias: false}),
  ];
  const model = {
    format: 'layers-model',
    modelTopology: {model_config: {class_name: 'Sequential', config: {name: 'small', layers}}, keras_version: '2.15.0'},
    weightsManifest: manifest(['conv/kernel', 'conv/bias', 'dense/kernel'], path),
  };
  return {'model.json': JSON.stringify(model), 'weights.bin': weightFile()};
}

/** What the model gives for an image `[h, w, 3]`, in float64, straight from the definition. */
export function expected(image: ArrayLike<number>, height: number, width: number): number[] {
  const pooled = expectedPooled(image, height, width);
  return Array.from({length: DIMENSIONS}, (_, d) =>
    pooled.reduce((sum, value, o) => sum + value * (weights.matrix[o * DIMENSIONS + d] as number), 0),
  );
}

/** The same of the value `pooled` inside of the model. */
export function expectedPooled(image: ArrayLike<number>, height: number, width: number): number[] {
  const pooled = new Array<number>(WIDTH).fill(0);
  const positions = (height - 2) * (width - 2);
  for (let o = 0; o < WIDTH; o++) {
    for (let y = 0; y < height - 2; y++) {
      for (let x = 0; x < width - 2; x++) {
        let sum = weights.bias[o] as number;
        for (let i = 0; i < 3; i++) {
          for (let at = 0; at < 9; at++) {
            const pixel = image[((y + Math.floor(at / 3)) * width + x + (at % 3)) * 3 + i] as number;
            sum += pixel * (weights.kernel[(o * 3 + i) * 9 + at] as number);
          }
        }
        pooled[o] = (pooled[o] as number) + Math.max(0, sum) / positions;
      }
    }
  }
  return pooled;
}
