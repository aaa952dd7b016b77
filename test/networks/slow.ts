import type {ConvolutionWeights, LoadedNetwork, NetworkOperation} from '../../src/networks/graph.js';

/** Activations as the formulas have them: `[c, h, w]`, float64. */
export interface Activation {
  readonly data: Float64Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** The output of every node up to `last` for one `[h, w, 3]` image, one loop a sum, zeros outside an activation. */
export function slowFeatures(
  network: LoadedNetwork,
  image: ArrayLike<number>,
  height: number,
  width: number,
  last?: string,
): ReadonlyMap<string, Activation> {
  const outputs = new Map<string, Activation>([['image', preprocessed(network, image, height, width)]]);
  for (const {name, inputs, operation} of network.nodes) {
    const from = inputs.map((input) => outputs.get(input) as Activation);
    outputs.set(name, compute(network, name, operation, from));
    if (name === last) break;
  }
  return outputs;
}

function preprocessed(network: LoadedNetwork, image: ArrayLike<number>, height: number, width: number): Activation {
  const {order, scale, mean, std} = network.preprocessing;
  return filled(3, height, width, (c, y, x) => {
    const channel = order === 'bgr' ? 2 - c : c;
    const value = image[(y * width + x) * 3 + channel] as number;
    return (value * scale - (mean[c] as number)) / (std[c] as number);
  });
}

function compute(
  network: LoadedNetwork,
  name: string,
  operation: NetworkOperation,
  from: readonly Activation[],
): Activation {
  const input = from[0] as Activation;
  switch (operation.type) {
    case 'conv':
      return convolved(input, operation, network.weights.get(name) as ConvolutionWeights);
    case 'relu':
      return {...input, data: input.data.map((value) => Math.max(0, value))};
    case 'pool':
      return pooled(input, operation, network.pooling === 'average' ? 'average' : 'max');
    case 'l2-pool':
      return l2Pooled(input);
    case 'concat':
      return {
        ...input,
        channels: from.reduce((sum, {channels}) => sum + channels, 0),
        data: Float64Array.from(from.flatMap(({data}) => [...data])),
      };
  }
}

function convolved(
  input: Activation,
  {kernel: k, stride, padding, outputChannels}: Extract<NetworkOperation, {type: 'conv'}>,
  {kernel, bias}: ConvolutionWeights,
): Activation {
  const {channels, height, width, data} = input;
  const positions = (side: number) => Math.floor((side + 2 * padding - k) / stride) + 1;
  const value = (c: number, row: number, column: number) => {
    const isInside = row >= 0 && row < height && column >= 0 && column < width;
    return isInside ? (data[(c * height + row) * width + column] as number) : 0;
  };
  return filled(outputChannels, positions(height), positions(width), (o, y, x) => {
    let sum = bias[o] as number;
    let at = o * channels * k * k;
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < k; i++) {
        for (let j = 0; j < k; j++) {
          sum += (kernel[at++] as number) * value(c, y * stride + i - padding, x * stride + j - padding);
        }
      }
    }
    return sum;
  });
}

/**
 * Windows start every `stride` as long as they are whole, and in ceil mode once more if values are left over and fewer
 * than `stride` are missing.
 */
export function pooled(
  input: Activation,
  {kernel, stride, rounding}: Extract<NetworkOperation, {type: 'pool'}>,
  pooling: 'max' | 'average',
): Activation {
  const {height, width, data} = input;
  const positions = (side: number) => {
    let count = 0;
    while (count * stride + kernel <= side) count++;
    const covered = count === 0 ? 0 : (count - 1) * stride + kernel;
    const start = count * stride;
    return rounding === 'ceil' && covered < side && start + kernel - side < stride ? count + 1 : count;
  };
  return filled(input.channels, positions(height), positions(width), (c, y, x) => {
    const values: number[] = [];
    for (let row = y * stride; row < Math.min(height, y * stride + kernel); row++) {
      for (let column = x * stride; column < Math.min(width, x * stride + kernel); column++) {
        values.push(data[(c * height + row) * width + column] as number);
      }
    }
    return pooling === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b) / values.length;
  });
}

/** √(g ∗ x² + 1e-12) by steps of 2, zeros outside; g the 3×3 window (1 2 1)ᵀ(1 2 1)/16 of `numpy.hanning(5)`. */
function l2Pooled({data, channels, height, width}: Activation): Activation {
  const square = (c: number, row: number, column: number) => {
    const isInside = row >= 0 && row < height && column >= 0 && column < width;
    return isInside ? (data[(c * height + row) * width + column] as number) ** 2 : 0;
  };
  return filled(channels, Math.ceil(height / 2), Math.ceil(width / 2), (c, y, x) => {
    let sum = 0;
    for (const [i, row] of [1, 2, 1].entries()) {
      for (const [j, column] of [1, 2, 1].entries()) {
        sum += ((row * column) / 16) * square(c, 2 * y + i - 1, 2 * x + j - 1);
      }
    }
    return Math.sqrt(sum + 1e-12);
  });
}

function filled(
  channels: number,
  height: number,
  width: number,
  value: (c: number, y: number, x: number) => number,
): Activation {
  const data = new Float64Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[at++] = value(c, y, x);
  }
  return {data, channels, height, width};
}
