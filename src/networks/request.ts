/** Which network a loss wants: its name, its weights (the network's own, seeded ones for tests, or a file), its pooling. */
export interface NetworkRequest {
  readonly network: string;
  readonly weights: 'default' | {readonly hashed: number} | string;
  readonly pooling: 'max' | 'average';
  /** `weights`: the preprocessing that the weights were trained with; `unit`: pixel values in [0, 1] as they are. */
  readonly input: 'weights' | 'unit';
}
