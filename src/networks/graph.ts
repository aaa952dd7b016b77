/** One operation of a network. Activations are `[c, h, w]` in the formulas; pooling in `ceil` mode counts real values only. */
export type NetworkOperation =
  | {
      readonly type: 'conv';
      readonly inputChannels: number;
      readonly outputChannels: number;
      /** Side of the square kernel. */
      readonly kernel: number;
      readonly stride: number;
      /** Zeros on each side. */
      readonly padding: number;
    }
  | {readonly type: 'relu'}
  | {
      readonly type: 'pool';
      readonly kernel: number;
      readonly stride: number;
      /** `ceil`: the last window may hang over the edge; `floor`: what is left over is dropped. */
      readonly rounding: 'ceil' | 'floor';
    }
  | {readonly type: 'concat'}
  | {
      /** The root of the weighted mean of squares, √(w ∗ x² + 1e-12) channel by channel; w is a Hann window. */
      readonly type: 'l2-pool';
      readonly channels: number;
      /** Side of the window. */
      readonly kernel: number;
      readonly stride: number;
      /** Zeros on each side, which count. */
      readonly padding: number;
    };

/**
 * How a network pools: the maximum or the mean of each window, or `l2`, in which case its pools are `l2-pool`
 * operations in the place of their own.
 */
export type Pooling = 'max' | 'average' | 'l2';

/** A node of a network's graph, named as in its paper (`relu1_2`, `fire2/squeeze1x1`); `image` is the network's input. */
export interface NetworkNode {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly operation: NetworkOperation;
}

/** A network as its paper lists it. Both executors are built from this. */
export interface NetworkDefinition {
  readonly id: string;
  /** In an order in which every node comes after its inputs. */
  readonly nodes: readonly NetworkNode[];
  /** The nodes that a loss may name as layers, in order. */
  readonly layers: readonly string[];
}

/** How pixel values in [0, 1] become the network's input: (channel in `order` × scale − mean) / std. */
export interface Preprocessing {
  readonly order: 'rgb' | 'bgr';
  readonly scale: number;
  /** In the order of `order`. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** Weights of one convolution: `kernel` is OIHW, row-major. */
export interface ConvolutionWeights {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** A network and what it takes to run it. */
export interface WeightedNetwork extends NetworkDefinition {
  readonly pooling: Pooling;
  readonly preprocessing: Preprocessing;
  /** By the convolution's node name. */
  readonly weights: ReadonlyMap<string, ConvolutionWeights>;
  /** Mean squared activation of each layer on the calibration images; null where the weights bring none. */
  readonly calibration: Readonly<Record<string, number>> | null;
}

/** A network with its weights, and what a report says of them. */
export interface LoadedNetwork extends WeightedNetwork {
  /** What the report says of the weights: `bundled`, `hashed seed 0`, or the file's name. */
  readonly weightsSource: string;
  /** sha256 of the weights' bytes in the order of the nodes, kernel before bias, little-endian float32. */
  readonly weightsHash: string;
}
