import type {Sight} from './sight.js';

/** An input or output as a model declares it. */
export interface DeclaredValue {
  readonly name: string;
  /** `float32`, `int32`, … */
  readonly element: string;
  /** Null for a side that may be any; null for a shape that the model does not say. */
  readonly shape: readonly (number | null)[] | null;
}

/** Numbers with their shape. */
export interface ModelTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What runs a loaded model, whatever it is made of. */
export interface ModelRuntime {
  readonly format: 'onnx' | 'tfjs-graph' | 'tfjs-layers';
  /** The layout where neither the model nor the config says it. */
  readonly usualLayout: 'nchw' | 'nhwc';
  readonly sha256: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly inputs: readonly DeclaredValue[];
  readonly outputs: readonly DeclaredValue[];
  /** What the options ask for, as `run` takes it, which may be values inside of the model; null for one that is not there. */
  readonly asked: readonly (string | null)[];
  /** Names of the values inside of the model that may be an output too, in the order in which they are computed. */
  readonly inside: readonly string[];
  /** What the values of the model see of its input, `[n, c, h, w]`; null where that is not known. */
  readonly sight: Sight | null;
  /** One run: the outputs named, in their order. Integer inputs get whole numbers of their range. Throws what the library throws. */
  run(input: ModelTensor, outputs: readonly string[]): Promise<ModelTensor[]>;
  close(): Promise<void>;
}

/** What opening a model takes beside its file. */
export interface RuntimeOptions {
  /** Absolute. */
  readonly path: string;
  /** As messages name it. */
  readonly name: string;
  /** The outputs that are read, or values inside of the model; none named: the model's own. */
  readonly outputs: readonly string[];
  readonly threads: number;
  readonly onNotice: (line: string) => void;
}
