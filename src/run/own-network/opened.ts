/** How values in [0, 1] become a model's input: (channel in `order` × scale − mean) / std, at `size` where it has one. */
export interface ModelPreprocessing {
  readonly order: 'rgb' | 'bgr' | 'grey';
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly size?: readonly [number, number];
}

/** What the report says of a model of the user's own. */
export interface OpenedModel {
  /** The file as the report names it, relative to the working directory. */
  readonly network: string;
  readonly weights: string;
  readonly weights_sha256: string;
  readonly preprocessing: ModelPreprocessing;
  readonly executor: 'onnxruntime' | 'tfjs';
}
