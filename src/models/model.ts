import type {Raster} from '../images/raster.js';

/** A model of the user's own, and how it takes images: null where the model, or its kind, says. */
export interface ModelSpec {
  /** Absolute: an .onnx file, or the model.json of TensorFlow.js. */
  readonly model: string;
  /** The output that is read, or a value inside of the model; a model of one output needs none named. */
  readonly output: string | null;
  /** `[height, width]` that images are resampled to. */
  readonly size: readonly [number, number] | null;
  /** The order of channels; by default `grey` for a model of one channel and `rgb` for one of three. */
  readonly color: 'rgb' | 'bgr' | 'grey' | null;
  /** Subtracted, a number or one a channel, in the order of channels of `color`; 0 by default. */
  readonly mean: number | readonly number[] | null;
  /** Divided by, after `mean`; 1 by default. */
  readonly std: number | readonly number[] | null;
  /** What 0 and the largest value of a pixel become, before mean and std; [0, 1], for integer inputs [0, 255]. */
  readonly range: readonly [number, number] | null;
  readonly layout: 'nchw' | 'nhwc' | null;
}

/** How a model takes one image: everything known but a size that may be any. */
export interface ImageInput {
  readonly color: 'rgb' | 'bgr' | 'grey';
  readonly channels: 1 | 3;
  readonly layout: 'nchw' | 'nhwc';
  /** `[height, width]`; null where the model takes any, and images go in as they are. */
  readonly size: readonly [number, number] | null;
  readonly range: readonly [number, number];
  /** One a channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Images of one run; null where the model takes any number, and gets them one by one. */
  readonly batch: number | null;
  /** The type of the model's input. */
  readonly element: string;
}

/** What a model gives for one image. */
export interface ModelOutput {
  /** Without the axis of the batch. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A model, checked and ready. */
export interface Model {
  /** As messages name it. */
  readonly name: string;
  readonly format: 'onnx' | 'tfjs-graph' | 'tfjs-layers';
  /** Of the model's files: the graph, then its weights in the order in which it names them. */
  readonly sha256: string;
  /** Packages that compute. */
  readonly versions: Readonly<Record<string, string>>;
  readonly input: ImageInput;
  /** The name of the output that is read. */
  readonly output: string;
  /** What a blank image gave, without the axis of the batch; null where the size is not known before an image is. */
  readonly outputShape: readonly number[] | null;
  /**
   * What the model gives for each image, of the input's size and channels. An image's output does not depend on those
   * beside it. Throws UsageError, a line, when the model cannot be run.
   */
  run(images: readonly Raster[]): Promise<ModelOutput[]>;
  close(): Promise<void>;
}
